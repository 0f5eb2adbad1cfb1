using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Planton.Server.ServiceAccounts;
using Planton.Server.Users;

namespace Planton.Server.Organizations;

internal sealed class MembershipMapping : IEntityTypeConfiguration<MembershipEntity>
{
    public void Configure(EntityTypeBuilder<MembershipEntity> builder)
    {
        builder.ToTable("memberships", table => table.HasCheckConstraint(
            "CK_memberships_one_member", """("UserId" IS NULL) <> ("ServiceAccountId" IS NULL)"""));
        builder.Property(membership => membership.Role).HasMaxLength(16);
        builder.HasIndex(membership => new { membership.OrganizationId, membership.UserId }).IsUnique();
        builder.HasIndex(membership => new { membership.OrganizationId, membership.ServiceAccountId }).IsUnique();
        builder.HasOne<OrganizationEntity>().WithMany().HasForeignKey(membership => membership.OrganizationId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<UserEntity>().WithMany().HasForeignKey(membership => membership.UserId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<ServiceAccountEntity>().WithMany().HasForeignKey(membership => membership.ServiceAccountId).OnDelete(DeleteBehavior.Cascade);
    }
}
