namespace Planton.EndToEnd.Tests.Installations;

/// <summary>
/// One installation for several tests. Started by the first test that needs it, so that a missing database skips tests instead of
/// failing the fixture.
/// </summary>
public abstract class SharedInstallation : IAsyncLifetime
{
    private readonly Lazy<Task<PlantonInstallation>> _start;
    private PlantonInstallation? _started;

    protected SharedInstallation(DatabaseKind database) => _start = new(async () => _started = await PlantonInstallation.StartAsync(database));

    internal PlantonInstallation Installation =>
        _started ?? throw new InvalidOperationException("the installation is not started: await GetAsync first");

    internal Task<PlantonInstallation> GetAsync() => _start.Value;

    public virtual ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public virtual async ValueTask DisposeAsync()
    {
        if (_started is not null)
            await _started.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
