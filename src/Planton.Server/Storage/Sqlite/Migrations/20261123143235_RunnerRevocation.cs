using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Planton.Server.Storage.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class RunnerRevocation : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "LastUsedAt",
                table: "runner_credentials",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "RevokedById",
                table: "runner_credentials",
                type: "TEXT",
                maxLength: 36,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "RevokedByKind",
                table: "runner_credentials",
                type: "TEXT",
                maxLength: 32,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "MissingRunner",
                table: "connections",
                type: "TEXT",
                maxLength: 63,
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "LastUsedAt",
                table: "runner_credentials");

            migrationBuilder.DropColumn(
                name: "RevokedById",
                table: "runner_credentials");

            migrationBuilder.DropColumn(
                name: "RevokedByKind",
                table: "runner_credentials");

            migrationBuilder.DropColumn(
                name: "MissingRunner",
                table: "connections");
        }
    }
}
