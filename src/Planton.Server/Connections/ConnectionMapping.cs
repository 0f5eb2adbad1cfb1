using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Planton.Api;
using Planton.Server.Organizations;
using Planton.Server.Runners;

namespace Planton.Server.Connections;

internal sealed class ConnectionMapping : IEntityTypeConfiguration<ConnectionEntity>
{
    /// <summary>The longest kubeconfig context name that is taken.</summary>
    public const int MaxContextLength = 253;

    public void Configure(EntityTypeBuilder<ConnectionEntity> builder)
    {
        builder.ToTable("connections");
        builder.Property(connection => connection.Name).HasMaxLength(Slug.MaxLength);
        builder.Property(connection => connection.Kind).HasMaxLength(32);
        builder.Property(connection => connection.AuthMode).HasMaxLength(32);
        builder.Property(connection => connection.MissingRunner).HasMaxLength(Slug.MaxLength);
        builder.Property(connection => connection.KubernetesContext).HasMaxLength(MaxContextLength);
        builder.HasIndex(connection => new { connection.OrganizationId, connection.Name }).IsUnique();
        builder.HasOne<OrganizationEntity>().WithMany().HasForeignKey(connection => connection.OrganizationId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<RunnerEntity>().WithMany().HasForeignKey(connection => connection.RunnerId).OnDelete(DeleteBehavior.Restrict);
    }
}
