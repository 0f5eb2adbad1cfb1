using Microsoft.EntityFrameworkCore;

namespace Planton.Server.Storage.Sqlite;

internal sealed class SqliteControlPlaneContext(DbContextOptions<SqliteControlPlaneContext> options) : ControlPlaneContext(options);
