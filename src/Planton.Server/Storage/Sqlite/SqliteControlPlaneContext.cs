using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Planton.Server.Storage.Sqlite;

internal sealed class SqliteControlPlaneContext(DbContextOptions<SqliteControlPlaneContext> options) : ControlPlaneContext(options)
{
    public override async ValueTask<IDisposable?> TakeTurnAsync(CancellationToken cancellationToken) =>
        await this.GetService<SqliteWriterTurn>().TakeAsync(cancellationToken).ConfigureAwait(false);
}
