using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace Planton.Server.Storage.Sqlite;

/// <summary>For <c>dotnet ef migrations add NAME --context SqliteControlPlaneContext --output-dir Storage/Sqlite/Migrations</c>, in this project.</summary>
internal sealed class SqliteDesignTimeFactory : IDesignTimeDbContextFactory<SqliteControlPlaneContext>
{
    public SqliteControlPlaneContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<SqliteControlPlaneContext>().UseSqlite("Data Source=:memory:").Options);
}
