namespace Planton.EndToEnd.Tests.Installations;

/// <summary>
/// One installation for the tests of a class. Started by the first test that needs it, so that a missing database skips tests
/// instead of failing the fixture.
/// </summary>
public abstract class SharedInstallation(DatabaseKind database) : IAsyncLifetime
{
    private PlantonInstallation? _installation;

    internal PlantonInstallation Installation =>
        _installation ?? throw new InvalidOperationException("the installation is not started: await GetAsync first");

    internal async Task<PlantonInstallation> GetAsync() => _installation ??= await PlantonInstallation.StartAsync(database);

    public virtual ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public virtual async ValueTask DisposeAsync()
    {
        if (_installation is not null)
            await _installation.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
