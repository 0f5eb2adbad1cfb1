using System.Collections.Generic;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Planton.Server.Storage.PostgreSql.Migrations
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
                    Id = table.Column<string>(type: "character varying(36)", maxLength: 36, nullable: false, collation: "C"),
                    RunnerId = table.Column<string>(type: "character varying(36)", maxLength: 36, nullable: false, collation: "C"),
                    OrganizationId = table.Column<string>(type: "character varying(36)", maxLength: 36, nullable: false, collation: "C"),
                    Mode = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false, collation: "C"),
                    KubeContexts = table.Column<List<string>>(type: "text[]", nullable: false),
                    AllowCidrs = table.Column<List<string>>(type: "text[]", nullable: false),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                    CreatedById = table.Column<string>(type: "character varying(36)", maxLength: 36, nullable: false, collation: "C")
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
