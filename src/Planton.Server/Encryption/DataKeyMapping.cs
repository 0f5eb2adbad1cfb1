using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Planton.Server.Organizations;

namespace Planton.Server.Encryption;

internal sealed class DataKeyMapping : IEntityTypeConfiguration<DataKeyEntity>
{
    public void Configure(EntityTypeBuilder<DataKeyEntity> builder)
    {
        builder.ToTable("data_keys");
        builder.HasKey(key => key.OrganizationId);
        builder.HasOne<OrganizationEntity>().WithOne().HasForeignKey<DataKeyEntity>(key => key.OrganizationId).OnDelete(DeleteBehavior.Cascade);
    }
}
