using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Planton.Server.Audit;

internal sealed class AuditRecordMapping : IEntityTypeConfiguration<AuditRecordEntity>
{
    public void Configure(EntityTypeBuilder<AuditRecordEntity> builder)
    {
        // No foreign keys: a record outlives what it speaks of.
        builder.ToTable("audit_records");
        builder.HasKey(record => record.Sequence);
        builder.Property(record => record.Sequence).ValueGeneratedOnAdd();
        builder.Property(record => record.Hash).HasMaxLength(AuditHash.HexLength);
        builder.HasIndex(record => new { record.OrganizationId, record.Time });
        builder.HasIndex(record => record.OperationId);
    }
}
