using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Planton.Server.Storage.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class Secrets : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "connection_material",
                columns: table => new
                {
                    ConnectionId = table.Column<string>(type: "TEXT", maxLength: 36, nullable: false),
                    SealedKubeconfig = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_connection_material", x => x.ConnectionId);
                    table.ForeignKey(
                        name: "FK_connection_material_connections_ConnectionId",
                        column: x => x.ConnectionId,
                        principalTable: "connections",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "data_keys",
                columns: table => new
                {
                    OrganizationId = table.Column<string>(type: "TEXT", maxLength: 36, nullable: false),
                    SealedKey = table.Column<byte[]>(type: "BLOB", nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_data_keys", x => x.OrganizationId);
                    table.ForeignKey(
                        name: "FK_data_keys_organizations_OrganizationId",
                        column: x => x.OrganizationId,
                        principalTable: "organizations",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "environments",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", maxLength: 36, nullable: false),
                    OrganizationId = table.Column<string>(type: "TEXT", maxLength: 36, nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 63, nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_environments", x => x.Id);
                    table.ForeignKey(
                        name: "FK_environments_organizations_OrganizationId",
                        column: x => x.OrganizationId,
                        principalTable: "organizations",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "connection_environments",
                columns: table => new
                {
                    ConnectionId = table.Column<string>(type: "TEXT", maxLength: 36, nullable: false),
                    EnvironmentId = table.Column<string>(type: "TEXT", maxLength: 36, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_connection_environments", x => new { x.ConnectionId, x.EnvironmentId });
                    table.ForeignKey(
                        name: "FK_connection_environments_connections_ConnectionId",
                        column: x => x.ConnectionId,
                        principalTable: "connections",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_connection_environments_environments_EnvironmentId",
                        column: x => x.EnvironmentId,
                        principalTable: "environments",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "default_connections",
                columns: table => new
                {
                    ScopeId = table.Column<string>(type: "TEXT", maxLength: 36, nullable: false),
                    OrganizationId = table.Column<string>(type: "TEXT", maxLength: 36, nullable: false),
                    EnvironmentId = table.Column<string>(type: "TEXT", maxLength: 36, nullable: true),
                    ConnectionId = table.Column<string>(type: "TEXT", maxLength: 36, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_default_connections", x => x.ScopeId);
                    table.ForeignKey(
                        name: "FK_default_connections_connections_ConnectionId",
                        column: x => x.ConnectionId,
                        principalTable: "connections",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_default_connections_environments_EnvironmentId",
                        column: x => x.EnvironmentId,
                        principalTable: "environments",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_default_connections_organizations_OrganizationId",
                        column: x => x.OrganizationId,
                        principalTable: "organizations",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "secrets",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", maxLength: 36, nullable: false),
                    OrganizationId = table.Column<string>(type: "TEXT", maxLength: 36, nullable: false),
                    EnvironmentId = table.Column<string>(type: "TEXT", maxLength: 36, nullable: true),
                    ScopeId = table.Column<string>(type: "TEXT", maxLength: 36, nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 63, nullable: false),
                    Version = table.Column<int>(type: "INTEGER", nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    UpdatedAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_secrets", x => x.Id);
                    table.ForeignKey(
                        name: "FK_secrets_environments_EnvironmentId",
                        column: x => x.EnvironmentId,
                        principalTable: "environments",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_secrets_organizations_OrganizationId",
                        column: x => x.OrganizationId,
                        principalTable: "organizations",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "variables",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", maxLength: 36, nullable: false),
                    OrganizationId = table.Column<string>(type: "TEXT", maxLength: 36, nullable: false),
                    EnvironmentId = table.Column<string>(type: "TEXT", maxLength: 36, nullable: true),
                    ScopeId = table.Column<string>(type: "TEXT", maxLength: 36, nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 63, nullable: false),
                    Version = table.Column<int>(type: "INTEGER", nullable: false),
                    Value = table.Column<string>(type: "TEXT", nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    UpdatedAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_variables", x => x.Id);
                    table.ForeignKey(
                        name: "FK_variables_environments_EnvironmentId",
                        column: x => x.EnvironmentId,
                        principalTable: "environments",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_variables_organizations_OrganizationId",
                        column: x => x.OrganizationId,
                        principalTable: "organizations",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "secret_versions",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", maxLength: 36, nullable: false),
                    SecretId = table.Column<string>(type: "TEXT", maxLength: 36, nullable: false),
                    Version = table.Column<int>(type: "INTEGER", nullable: false),
                    SealedValues = table.Column<byte[]>(type: "BLOB", nullable: false),
                    Keys = table.Column<string>(type: "TEXT", nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    CreatedBy = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_secret_versions", x => x.Id);
                    table.ForeignKey(
                        name: "FK_secret_versions_secrets_SecretId",
                        column: x => x.SecretId,
                        principalTable: "secrets",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "variable_versions",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", maxLength: 36, nullable: false),
                    VariableId = table.Column<string>(type: "TEXT", maxLength: 36, nullable: false),
                    Version = table.Column<int>(type: "INTEGER", nullable: false),
                    Value = table.Column<string>(type: "TEXT", nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    CreatedBy = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_variable_versions", x => x.Id);
                    table.ForeignKey(
                        name: "FK_variable_versions_variables_VariableId",
                        column: x => x.VariableId,
                        principalTable: "variables",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_connection_environments_EnvironmentId",
                table: "connection_environments",
                column: "EnvironmentId");

            migrationBuilder.CreateIndex(
                name: "IX_default_connections_ConnectionId",
                table: "default_connections",
                column: "ConnectionId");

            migrationBuilder.CreateIndex(
                name: "IX_default_connections_EnvironmentId",
                table: "default_connections",
                column: "EnvironmentId");

            migrationBuilder.CreateIndex(
                name: "IX_default_connections_OrganizationId",
                table: "default_connections",
                column: "OrganizationId");

            migrationBuilder.CreateIndex(
                name: "IX_environments_OrganizationId_Name",
                table: "environments",
                columns: new[] { "OrganizationId", "Name" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_secret_versions_SecretId_Version",
                table: "secret_versions",
                columns: new[] { "SecretId", "Version" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_secrets_EnvironmentId",
                table: "secrets",
                column: "EnvironmentId");

            migrationBuilder.CreateIndex(
                name: "IX_secrets_OrganizationId",
                table: "secrets",
                column: "OrganizationId");

            migrationBuilder.CreateIndex(
                name: "IX_secrets_ScopeId_Name",
                table: "secrets",
                columns: new[] { "ScopeId", "Name" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_variable_versions_VariableId_Version",
                table: "variable_versions",
                columns: new[] { "VariableId", "Version" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_variables_EnvironmentId",
                table: "variables",
                column: "EnvironmentId");

            migrationBuilder.CreateIndex(
                name: "IX_variables_OrganizationId",
                table: "variables",
                column: "OrganizationId");

            migrationBuilder.CreateIndex(
                name: "IX_variables_ScopeId_Name",
                table: "variables",
                columns: new[] { "ScopeId", "Name" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "connection_environments");

            migrationBuilder.DropTable(
                name: "connection_material");

            migrationBuilder.DropTable(
                name: "data_keys");

            migrationBuilder.DropTable(
                name: "default_connections");

            migrationBuilder.DropTable(
                name: "secret_versions");

            migrationBuilder.DropTable(
                name: "variable_versions");

            migrationBuilder.DropTable(
                name: "secrets");

            migrationBuilder.DropTable(
                name: "variables");

            migrationBuilder.DropTable(
                name: "environments");
        }
    }
}
