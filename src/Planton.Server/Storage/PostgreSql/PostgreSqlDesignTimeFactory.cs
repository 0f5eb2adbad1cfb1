using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace Planton.Server.Storage.PostgreSql;

/// <summary>For <c>dotnet ef migrations add NAME --context PostgreSqlControlPlaneContext --output-dir Storage/PostgreSql/Migrations</c>, in this project.</summary>
internal sealed class PostgreSqlDesignTimeFactory : IDesignTimeDbContextFactory<PostgreSqlControlPlaneContext>
{
    public PostgreSqlControlPlaneContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<PostgreSqlControlPlaneContext>().UseNpgsql("Host=none").Options);
}
