namespace Planton.EndToEnd.Tests.Installations;

/// <summary>
/// A test on an installation that it has in common with others. One that runs on each database is an abstract suite with two subclasses,
/// such as <c>class SecretsLifeTestsOnSqlite(CommonInstallation common) : SecretsLifeTests(common)</c>: for what the programs store and
/// read back. What reads no more of the database than a name runs on SQLite alone: the server's own suites hold each query on both.
/// </summary>
public abstract class InstallationTest(SharedInstallation shared) : IAsyncLifetime
{
    private protected PlantonInstallation Installation { get; private set; } = null!;

    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => Installation = await shared.GetAsync();

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
