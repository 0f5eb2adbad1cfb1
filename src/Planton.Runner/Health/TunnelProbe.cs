using Planton.Runner.Operations;

namespace Planton.Runner.Health;

/// <summary>
/// Readiness is a recent real round trip through the tunnel, never "the process is up". Probes that come more often than
/// <see cref="Freshness"/> share one.
/// </summary>
internal sealed class TunnelProbe(Func<CancellationToken, Task<TimeSpan>> roundTrip, OperationsGate gate, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    private readonly SemaphoreSlim _one = new(1);
    private string? _fault;
    private long _at;
    private bool _asked;

    /// <summary>Null when ready; else why not.</summary>
    public async Task<string?> CheckAsync(CancellationToken cancellationToken)
    {
        if (!gate.IsOpen)
            return "starting: not yet authenticated with the control plane";
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (!_asked || time.GetElapsedTime(_at) >= Freshness)
            {
                _fault = await AskAsync();
                (_at, _asked) = (time.GetTimestamp(), true);
            }

            return _fault;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task<string?> AskAsync()
    {
        using var limit = new CancellationTokenSource(Limit, time);
        try
        {
            await roundTrip(limit.Token).WaitAsync(limit.Token);
            return null;
        }
        catch (OperationCanceledException)
        {
            return $"the gateway did not answer through the tunnel within {Limit.TotalSeconds:0} s";
        }
        catch (IOException e)
        {
            return e.Message;
        }
    }
}
