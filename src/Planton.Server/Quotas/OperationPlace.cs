namespace Planton.Server.Quotas;

/// <summary>Counts one operation as in flight until it is disposed.</summary>
internal sealed class OperationPlace(Action leave) : IDisposable
{
    private Action? _leave = leave;

    public void Dispose() => Interlocked.Exchange(ref _leave, null)?.Invoke();
}
