using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Planton.Server.Storage;

internal sealed class HeartbeatMapping : IEntityTypeConfiguration<HeartbeatEntity>
{
    public void Configure(EntityTypeBuilder<HeartbeatEntity> builder)
    {
        builder.ToTable("heartbeat");
        builder.Property(heartbeat => heartbeat.Id).ValueGeneratedNever();
    }
}
