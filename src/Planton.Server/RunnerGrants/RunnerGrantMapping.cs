using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Planton.Server.Organizations;
using Planton.Server.Runners;

namespace Planton.Server.RunnerGrants;

internal sealed class RunnerGrantMapping : IEntityTypeConfiguration<RunnerGrantEntity>
{
    public void Configure(EntityTypeBuilder<RunnerGrantEntity> builder)
    {
        builder.ToTable("runner_grants");
        builder.Property(grant => grant.Mode).HasMaxLength(32);
        builder.HasIndex(grant => new { grant.RunnerId, grant.OrganizationId });
        builder.HasOne<RunnerEntity>().WithMany().HasForeignKey(grant => grant.RunnerId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<OrganizationEntity>().WithMany().HasForeignKey(grant => grant.OrganizationId).OnDelete(DeleteBehavior.Cascade);
    }
}
