using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Planton.Server.Storage.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class RunnerGrants : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "runner_grants",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", maxLength: 36, nullable: false),
                    RunnerId = table.Column<string>(type: "TEXT", maxLength: 36, nullable: false),
                    OrganizationId = table.Column<string>(type: "TEXT", maxLength: 36, nullable: false),
                    Mode = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    KubeContexts = table.Column<string>(type: "TEXT", nullable: false),
                    AllowCidrs = table.Column<string>(type: "TEXT", nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    CreatedById = table.Column<string>(type: "TEXT", maxLength: 36, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_runner_grants", x => x.Id);
                    table.ForeignKey(
                        name: "FK_runner_grants_organizations_OrganizationId",
                        column: x => x.OrganizationId,
                        principalTable: "organizations",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_runner_grants_runners_RunnerId",
                        column: x => x.RunnerId,
                        principalTable: "runners",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_runner_grants_OrganizationId",
                table: "runner_grants",
                column: "OrganizationId");

            migrationBuilder.CreateIndex(
                name: "IX_runner_grants_RunnerId_OrganizationId",
                table: "runner_grants",
                columns: new[] { "RunnerId", "OrganizationId" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "runner_grants");
        }
    }
}
