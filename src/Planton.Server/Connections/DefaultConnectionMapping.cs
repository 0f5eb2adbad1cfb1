using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Planton.Server.Environments;
using Planton.Server.Organizations;

namespace Planton.Server.Connections;

internal sealed class DefaultConnectionMapping : IEntityTypeConfiguration<DefaultConnectionEntity>
{
    public void Configure(EntityTypeBuilder<DefaultConnectionEntity> builder)
    {
        builder.ToTable("default_connections");
        builder.HasKey(binding => binding.ScopeId);
        builder.HasOne<OrganizationEntity>().WithMany().HasForeignKey(binding => binding.OrganizationId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<EnvironmentEntity>().WithMany().HasForeignKey(binding => binding.EnvironmentId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<ConnectionEntity>().WithMany().HasForeignKey(binding => binding.ConnectionId).OnDelete(DeleteBehavior.Cascade);
    }
}
