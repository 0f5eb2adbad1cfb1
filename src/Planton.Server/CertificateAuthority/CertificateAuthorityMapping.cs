using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Planton.Server.CertificateAuthority;

internal sealed class CertificateAuthorityMapping : IEntityTypeConfiguration<CertificateAuthorityEntity>
{
    public void Configure(EntityTypeBuilder<CertificateAuthorityEntity> builder)
    {
        builder.ToTable("certificate_authorities");
        builder.Property(authority => authority.TrustDomain).HasMaxLength(64);
    }
}
