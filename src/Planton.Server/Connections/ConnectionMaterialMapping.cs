using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Planton.Server.Connections;

internal sealed class ConnectionMaterialMapping : IEntityTypeConfiguration<ConnectionMaterialEntity>
{
    public void Configure(EntityTypeBuilder<ConnectionMaterialEntity> builder)
    {
        builder.ToTable("connection_material");
        builder.HasKey(material => material.ConnectionId);
        builder.HasOne<ConnectionEntity>().WithOne().HasForeignKey<ConnectionMaterialEntity>(material => material.ConnectionId)
            .OnDelete(DeleteBehavior.Cascade);
    }
}
