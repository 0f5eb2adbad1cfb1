using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Planton.Server.Storage.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class RunnerCertificates : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "LifetimeSeconds",
                table: "runner_credentials",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "RetiredAt",
                table: "certificate_authorities",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "runner_certificates",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", maxLength: 36, nullable: false),
                    CredentialId = table.Column<string>(type: "TEXT", maxLength: 36, nullable: false),
                    AuthorityId = table.Column<string>(type: "TEXT", maxLength: 36, nullable: false),
                    Serial = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Sha256 = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    KeySha256 = table.Column<string>(type: "TEXT", maxLength: 64, nullable: true),
                    Renewed = table.Column<bool>(type: "INTEGER", nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    ExpiresAt = table.Column<long>(type: "INTEGER", nullable: false),
                    LastUsedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Kept = table.Column<bool>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_runner_certificates", x => x.Id);
                    table.ForeignKey(
                        name: "FK_runner_certificates_runner_credentials_CredentialId",
                        column: x => x.CredentialId,
                        principalTable: "runner_credentials",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_runner_certificates_CredentialId",
                table: "runner_certificates",
                column: "CredentialId");

            migrationBuilder.CreateIndex(
                name: "IX_runner_certificates_KeySha256",
                table: "runner_certificates",
                column: "KeySha256",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_runner_certificates_Serial",
                table: "runner_certificates",
                column: "Serial",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_runner_certificates_Sha256",
                table: "runner_certificates",
                column: "Sha256",
                unique: true);

            // Each credential had one certificate, of the only authority that there was.
            migrationBuilder.Sql(
                """
                INSERT INTO runner_certificates
                    ("Id", "CredentialId", "AuthorityId", "Serial", "Sha256", "Renewed", "CreatedAt", "ExpiresAt", "LastUsedAt", "Kept")
                SELECT c."Id", c."Id", COALESCE((SELECT a."Id" FROM certificate_authorities a ORDER BY a."CreatedAt" LIMIT 1), ''),
                    c."CertificateSerial", c."CertificateSha256", FALSE, c."CreatedAt", c."ExpiresAt", c."LastUsedAt", FALSE
                FROM runner_credentials c
                """);

            migrationBuilder.DropIndex(
                name: "IX_runner_credentials_CertificateSerial",
                table: "runner_credentials");

            // Not DropColumn: that would build the table anew, outside of the transaction.
            migrationBuilder.Sql("ALTER TABLE runner_credentials DROP COLUMN \"CertificateSerial\"");
            migrationBuilder.Sql("ALTER TABLE runner_credentials DROP COLUMN \"CertificateSha256\"");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "runner_certificates");

            migrationBuilder.DropColumn(
                name: "LifetimeSeconds",
                table: "runner_credentials");

            migrationBuilder.DropColumn(
                name: "RetiredAt",
                table: "certificate_authorities");

            migrationBuilder.AddColumn<string>(
                name: "CertificateSerial",
                table: "runner_credentials",
                type: "TEXT",
                maxLength: 64,
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "CertificateSha256",
                table: "runner_credentials",
                type: "TEXT",
                maxLength: 64,
                nullable: false,
                defaultValue: "");

            migrationBuilder.CreateIndex(
                name: "IX_runner_credentials_CertificateSerial",
                table: "runner_credentials",
                column: "CertificateSerial",
                unique: true);
        }
    }
}
