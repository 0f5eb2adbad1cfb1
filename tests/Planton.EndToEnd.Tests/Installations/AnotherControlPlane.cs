namespace Planton.EndToEnd.Tests.Installations;

/// <summary>
/// A control plane with a CA, a trust domain and keys that no other of the run has: whatever comes from it is foreign everywhere
/// else. Started by the first test that needs it, for all classes: <c>public SomeTests(AnotherControlPlane other)</c>.
/// </summary>
public sealed class AnotherControlPlane : IAsyncDisposable
{
    private readonly Lazy<Task<PlantonInstallation>> _started = new(() => PlantonInstallation.StartFreshAsync());

    internal Task<PlantonInstallation> GetAsync() => _started.Value;

    public async ValueTask DisposeAsync()
    {
        if (_started is { IsValueCreated: true, Value: { IsCompletedSuccessfully: true } started })
            await (await started).DisposeAsync();
    }
}
