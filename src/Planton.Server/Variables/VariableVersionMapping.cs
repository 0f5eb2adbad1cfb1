using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Planton.Server.Variables;

internal sealed class VariableVersionMapping : IEntityTypeConfiguration<VariableVersionEntity>
{
    public void Configure(EntityTypeBuilder<VariableVersionEntity> builder)
    {
        builder.ToTable("variable_versions");
        builder.HasIndex(version => new { version.VariableId, version.Version }).IsUnique();
        builder.HasOne<VariableEntity>().WithMany().HasForeignKey(version => version.VariableId).OnDelete(DeleteBehavior.Cascade);
    }
}
