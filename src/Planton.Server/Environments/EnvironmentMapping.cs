using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Planton.Api;
using Planton.Server.Organizations;

namespace Planton.Server.Environments;

internal sealed class EnvironmentMapping : IEntityTypeConfiguration<EnvironmentEntity>
{
    public void Configure(EntityTypeBuilder<EnvironmentEntity> builder)
    {
        builder.ToTable("environments");
        builder.Property(environment => environment.Name).HasMaxLength(Slug.MaxLength);
        builder.HasIndex(environment => new { environment.OrganizationId, environment.Name }).IsUnique();
        builder.HasOne<OrganizationEntity>().WithMany().HasForeignKey(environment => environment.OrganizationId).OnDelete(DeleteBehavior.Cascade);
    }
}
