namespace Planton.Server.Storage.Sqlite;

/// <summary>
/// One writer of this process at a time. SQLite blocks the thread of whoever waits for its lock: were every writer to wait inside it,
/// a lock that another program holds would leave no thread to tunnels, to health checks and to requests that only read.
/// </summary>
internal sealed class SqliteWriterTurn(TimeSpan patience) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>Dispose it when the transaction has ended.</summary>
    /// <exception cref="DatabaseFaultException">The turn did not come in time.</exception>
    public async ValueTask<IDisposable> TakeAsync(CancellationToken cancellationToken) =>
        await _turn.WaitAsync(patience, cancellationToken).ConfigureAwait(false)
            ? new Turn(_turn)
            : throw new DatabaseFaultException(DatabaseFault.Busy);

    public void Dispose() => _turn.Dispose();

    private sealed class Turn(SemaphoreSlim turn) : IDisposable
    {
        private int _ended;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _ended, 1) == 0)
                turn.Release();
        }
    }
}
