namespace Planton.Server.Tests.Fixture;

/// <summary>
/// One server for all tests of a class, each of which works in an organization of its own. Started by the first test that needs it,
/// so that a missing database skips tests instead of failing the fixture.
/// </summary>
public abstract class SharedServer(DatabaseKind database) : IAsyncLifetime
{
    private ServerFixture? _server;
    private int _names;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    internal async Task<ServerFixture> GetAsync() => _server ??= await StartAsync(database);

    /// <summary>A name that no other test of the class uses: <c>kim-7</c>.</summary>
    internal string UniqueName(string prefix) => $"{prefix}-{Interlocked.Increment(ref _names)}";

    /// <summary>Override to change the server's settings or services.</summary>
    private protected virtual Task<ServerFixture> StartAsync(DatabaseKind database) => ServerFixture.StartAsync(database: database);
}
