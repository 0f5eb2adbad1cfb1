using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Planton.Api;

namespace Planton.Server.Organizations;

internal sealed class OrganizationMapping : IEntityTypeConfiguration<OrganizationEntity>
{
    public void Configure(EntityTypeBuilder<OrganizationEntity> builder)
    {
        builder.ToTable("organizations");
        builder.Property(organization => organization.Name).HasMaxLength(Slug.MaxLength);
        builder.HasIndex(organization => organization.Name).IsUnique();
    }
}
