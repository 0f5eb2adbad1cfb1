using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Planton.Server.Storage.Sqlite.Migrations;

/// <summary>
/// Lets the database itself refuse to change the audit trail. A later migration that rebuilds the table must make the triggers
/// again: SQLite drops them with the table.
/// </summary>
[DbContext(typeof(SqliteControlPlaneContext))]
[Migration("20261123095600_AuditIsAppendOnly")]
internal sealed class AuditIsAppendOnly : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql(
            """
            CREATE TRIGGER audit_records_no_update BEFORE UPDATE ON audit_records
            BEGIN SELECT RAISE(ABORT, 'audit records are only ever added'); END;
            """);
        migrationBuilder.Sql(
            """
            CREATE TRIGGER audit_records_no_delete BEFORE DELETE ON audit_records
            BEGIN SELECT RAISE(ABORT, 'audit records are only ever added'); END;
            """);
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql("DROP TRIGGER audit_records_no_update;");
        migrationBuilder.Sql("DROP TRIGGER audit_records_no_delete;");
    }
}
