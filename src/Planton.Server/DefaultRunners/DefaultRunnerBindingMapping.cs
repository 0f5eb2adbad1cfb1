using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Planton.Server.Organizations;
using Planton.Server.Runners;

namespace Planton.Server.DefaultRunners;

internal sealed class DefaultRunnerBindingMapping : IEntityTypeConfiguration<DefaultRunnerBindingEntity>
{
    public void Configure(EntityTypeBuilder<DefaultRunnerBindingEntity> builder)
    {
        // NULLs are distinct in a unique index: the key, tied to the organization, is what makes the platform's binding the only one.
        builder.ToTable("default_runner_bindings", table => table.HasCheckConstraint(
            "CK_default_runner_bindings_id", "\"Id\" = COALESCE(\"OrganizationId\", 'platform')"));
        builder.HasIndex(binding => binding.OrganizationId).IsUnique();
        builder.HasOne<OrganizationEntity>().WithMany().HasForeignKey(binding => binding.OrganizationId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<RunnerEntity>().WithMany().HasForeignKey(binding => binding.RunnerId).OnDelete(DeleteBehavior.Cascade);
    }
}
