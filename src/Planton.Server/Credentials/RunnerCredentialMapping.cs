using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Planton.Server.ApiKeys;
using Planton.Server.Runners;

namespace Planton.Server.Credentials;

internal sealed class RunnerCredentialMapping : IEntityTypeConfiguration<RunnerCredentialEntity>
{
    public void Configure(EntityTypeBuilder<RunnerCredentialEntity> builder)
    {
        builder.ToTable("runner_credentials");
        builder.Property(credential => credential.CreatedByKind).HasMaxLength(32);
        builder.Property(credential => credential.RevokedByKind).HasMaxLength(32);
        builder.HasIndex(credential => credential.RunnerId);
        builder.HasOne<RunnerEntity>().WithMany().HasForeignKey(credential => credential.RunnerId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<ApiKeyEntity>().WithMany().HasForeignKey(credential => credential.ApiKeyId).OnDelete(DeleteBehavior.Cascade);
    }
}
