using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Planton.Api;
using Planton.Server.Organizations;

namespace Planton.Server.Runners;

internal sealed class RunnerMapping : IEntityTypeConfiguration<RunnerEntity>
{
    public void Configure(EntityTypeBuilder<RunnerEntity> builder)
    {
        builder.ToTable("runners");
        builder.Property(runner => runner.Name).HasMaxLength(Slug.MaxLength);
        builder.Property(runner => runner.LastAddress).HasMaxLength(128);
        builder.Property(runner => runner.LastVersion).HasMaxLength(128);
        builder.HasIndex(runner => new { runner.OrganizationId, runner.Name }).IsUnique();
        // NULLs are distinct in a unique index, so those of the platform need one of their own.
        builder.HasIndex(runner => runner.Name, "IX_runners_platform_name").IsUnique().HasFilter("\"OrganizationId\" IS NULL");
        builder.HasOne<OrganizationEntity>().WithMany().HasForeignKey(runner => runner.OrganizationId).OnDelete(DeleteBehavior.Restrict);
    }
}
