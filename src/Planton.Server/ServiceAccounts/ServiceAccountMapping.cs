using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Planton.Server.Organizations;
using Planton.Server.Runners;

namespace Planton.Server.ServiceAccounts;

internal sealed class ServiceAccountMapping : IEntityTypeConfiguration<ServiceAccountEntity>
{
    // "runner-" and a slug.
    private const int MaxNameLength = 80;

    public void Configure(EntityTypeBuilder<ServiceAccountEntity> builder)
    {
        builder.ToTable("service_accounts");
        builder.Property(account => account.Name).HasMaxLength(MaxNameLength);
        builder.HasIndex(account => new { account.OrganizationId, account.Name }).IsUnique();
        // NULLs are distinct in a unique index, so those of the platform need one of their own.
        builder.HasIndex(account => account.Name, "IX_service_accounts_platform_name").IsUnique().HasFilter("\"OrganizationId\" IS NULL");
        builder.HasIndex(account => account.RunnerId).IsUnique();
        builder.HasOne<OrganizationEntity>().WithMany().HasForeignKey(account => account.OrganizationId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<RunnerEntity>().WithMany().HasForeignKey(account => account.RunnerId).OnDelete(DeleteBehavior.Cascade);
    }
}
