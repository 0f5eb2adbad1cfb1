using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Planton.Server.Credentials;

internal sealed class RunnerCertificateMapping : IEntityTypeConfiguration<RunnerCertificateEntity>
{
    public void Configure(EntityTypeBuilder<RunnerCertificateEntity> builder)
    {
        builder.ToTable("runner_certificates");
        builder.Property(certificate => certificate.Serial).HasMaxLength(64);
        builder.Property(certificate => certificate.Sha256).HasMaxLength(64);
        builder.Property(certificate => certificate.KeySha256).HasMaxLength(64);
        builder.HasIndex(certificate => certificate.Serial).IsUnique();
        builder.HasIndex(certificate => certificate.Sha256).IsUnique();
        builder.HasIndex(certificate => certificate.KeySha256).IsUnique();
        builder.HasIndex(certificate => certificate.CredentialId);
        builder.HasOne<RunnerCredentialEntity>().WithMany().HasForeignKey(certificate => certificate.CredentialId).OnDelete(DeleteBehavior.Cascade);
    }
}
