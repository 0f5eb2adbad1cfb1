using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Planton.Api;
using Planton.Server.Environments;
using Planton.Server.Organizations;

namespace Planton.Server.Secrets;

internal sealed class SecretMapping : IEntityTypeConfiguration<SecretEntity>
{
    public void Configure(EntityTypeBuilder<SecretEntity> builder)
    {
        builder.ToTable("secrets");
        builder.Property(secret => secret.Name).HasMaxLength(Slug.MaxLength);
        builder.HasIndex(secret => new { secret.ScopeId, secret.Name }).IsUnique();
        builder.HasOne<OrganizationEntity>().WithMany().HasForeignKey(secret => secret.OrganizationId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<EnvironmentEntity>().WithMany().HasForeignKey(secret => secret.EnvironmentId).OnDelete(DeleteBehavior.Restrict);
    }
}
