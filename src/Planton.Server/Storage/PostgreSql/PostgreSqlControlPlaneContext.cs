using Microsoft.EntityFrameworkCore;

namespace Planton.Server.Storage.PostgreSql;

internal sealed class PostgreSqlControlPlaneContext(DbContextOptions<PostgreSqlControlPlaneContext> options) : ControlPlaneContext(options)
{
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);
        // Names sort by their bytes, as in SQLite, whatever language the database was made in.
        configurationBuilder.Properties<string>().UseCollation("C");
    }
}
