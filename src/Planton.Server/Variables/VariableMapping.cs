using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Planton.Api;
using Planton.Server.Environments;
using Planton.Server.Organizations;

namespace Planton.Server.Variables;

internal sealed class VariableMapping : IEntityTypeConfiguration<VariableEntity>
{
    public void Configure(EntityTypeBuilder<VariableEntity> builder)
    {
        builder.ToTable("variables");
        builder.Property(variable => variable.Name).HasMaxLength(Slug.MaxLength);
        builder.HasIndex(variable => new { variable.ScopeId, variable.Name }).IsUnique();
        builder.HasOne<OrganizationEntity>().WithMany().HasForeignKey(variable => variable.OrganizationId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<EnvironmentEntity>().WithMany().HasForeignKey(variable => variable.EnvironmentId).OnDelete(DeleteBehavior.Restrict);
    }
}
