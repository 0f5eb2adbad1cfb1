using Microsoft.EntityFrameworkCore;
using Planton.Server.Storage;

namespace Planton.Server.Tests.Fixture;

/// <summary>The server's real database, whose next units of work a test can hold up, count and make fail.</summary>
internal sealed class GatedContexts(IDbContextFactory<ControlPlaneContext> inner) : IDbContextFactory<ControlPlaneContext>
{
    private readonly SemaphoreSlim _entered = new(0);
    private TaskCompletionSource _gate = Open();
    private int _count;

    /// <summary>How many units of work were asked for.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Thrown instead of handing out a context, when set.</summary>
    public Exception? Failure { get; set; }

    public void Close() => _gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Release() => _gate.TrySetResult();

    /// <summary>Returns when one more unit of work stands at the gate or is through it.</summary>
    public async Task EnteredAsync() =>
        Assert.True(await _entered.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken), "nobody came to the database");

    public ControlPlaneContext CreateDbContext() => throw new NotSupportedException();

    public async Task<ControlPlaneContext> CreateDbContextAsync(CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _count);
        _entered.Release();
        await _gate.Task.WaitAsync(cancellationToken);
        return Failure is { } failure ? throw failure : await inner.CreateDbContextAsync(cancellationToken);
    }

    private static TaskCompletionSource Open()
    {
        var gate = new TaskCompletionSource();
        gate.SetResult();
        return gate;
    }
}
