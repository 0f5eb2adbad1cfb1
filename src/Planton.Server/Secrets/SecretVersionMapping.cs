using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Planton.Server.Secrets;

internal sealed class SecretVersionMapping : IEntityTypeConfiguration<SecretVersionEntity>
{
    public void Configure(EntityTypeBuilder<SecretVersionEntity> builder)
    {
        builder.ToTable("secret_versions");
        builder.Ignore(version => version.KeyList);
        builder.HasIndex(version => new { version.SecretId, version.Version }).IsUnique();
        builder.HasOne<SecretEntity>().WithMany().HasForeignKey(version => version.SecretId).OnDelete(DeleteBehavior.Cascade);
    }
}
