using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Planton.Server.ServiceAccounts;
using Planton.Server.Users;

namespace Planton.Server.ApiKeys;

internal sealed class ApiKeyMapping : IEntityTypeConfiguration<ApiKeyEntity>
{
    public void Configure(EntityTypeBuilder<ApiKeyEntity> builder)
    {
        builder.ToTable("api_keys", table => table.HasCheckConstraint(
            "CK_api_keys_one_owner", """("UserId" IS NULL) <> ("ServiceAccountId" IS NULL)"""));
        builder.Property(key => key.Id).HasMaxLength(16);
        builder.Property(key => key.SecretHash).HasMaxLength(32);
        builder.Property(key => key.Fingerprint).HasMaxLength(16);
        builder.HasIndex(key => key.CredentialId);
        builder.HasOne<UserEntity>().WithMany().HasForeignKey(key => key.UserId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<ServiceAccountEntity>().WithMany().HasForeignKey(key => key.ServiceAccountId).OnDelete(DeleteBehavior.Cascade);
    }
}
