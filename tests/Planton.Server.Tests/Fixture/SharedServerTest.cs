using Planton.Api.Client;

namespace Planton.Server.Tests.Fixture;

/// <summary>
/// A test on its class's server. What touches storage is an abstract suite with a subclass for each database:
/// <c>class RunnerTestsOnSqlite(OnSqlite shared) : RunnerTests(shared), IClassFixture&lt;OnSqlite&gt;</c>.
/// </summary>
public abstract class SharedServerTest(SharedServer shared) : IAsyncLifetime
{
    private protected ServerFixture Server { get; private set; } = null!;

    /// <summary>The API with the key of the first user: platform operator, and owner of <see cref="Org"/>.</summary>
    private protected PlantonApiClient Admin { get; private set; } = null!;

    /// <summary>The name of an organization that only this test uses.</summary>
    private protected string Org { get; private set; } = "";

    /// <summary>The id of <see cref="Org"/>.</summary>
    private protected string OrgId { get; private set; } = "";

    private protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public virtual async ValueTask InitializeAsync()
    {
        Server = await shared.GetAsync();
        Server.BeginTest();
        Admin = Server.Admin;
        (Org, OrgId) = await NewOrganizationAsync("org");
    }

    /// <summary>Fails the test when the server logged an error that it did not expect.</summary>
    public virtual ValueTask DisposeAsync()
    {
        Server?.Log.AssertNoUnexpectedErrors();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>A name that no other test of the class uses: <c>kim-7</c>. For users and platform runners, which belong to no organization.</summary>
    private protected string UniqueName(string prefix) => shared.UniqueName(prefix);

    /// <summary>Makes one more organization that only this test uses.</summary>
    private protected async Task<(string Name, string Id)> NewOrganizationAsync(string prefix)
    {
        var made = await Admin.CreateOrganizationAsync(UniqueName(prefix), Cancellation);
        return (made.Name, made.Id);
    }

    /// <summary>Adds a user with a role in <see cref="Org"/>, and returns the API key.</summary>
    private protected Task<string> AddUserAsync(string role) => Server.AddUserAsync(UniqueName(role), OrgId, role);
}
