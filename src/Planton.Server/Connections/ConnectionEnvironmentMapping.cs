using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Planton.Server.Environments;

namespace Planton.Server.Connections;

internal sealed class ConnectionEnvironmentMapping : IEntityTypeConfiguration<ConnectionEnvironmentEntity>
{
    public void Configure(EntityTypeBuilder<ConnectionEnvironmentEntity> builder)
    {
        builder.ToTable("connection_environments");
        builder.HasKey(pair => new { pair.ConnectionId, pair.EnvironmentId });
        builder.HasOne<ConnectionEntity>().WithMany().HasForeignKey(pair => pair.ConnectionId).OnDelete(DeleteBehavior.Cascade);
        // Not with the environment: the last one gone would open the connection to all.
        builder.HasOne<EnvironmentEntity>().WithMany().HasForeignKey(pair => pair.EnvironmentId).OnDelete(DeleteBehavior.Restrict);
    }
}
