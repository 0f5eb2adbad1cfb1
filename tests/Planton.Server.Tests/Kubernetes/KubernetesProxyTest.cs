using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Planton.Api.Connections;
using Planton.Server.Audit;
using Planton.Server.Kubernetes;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Kubernetes;

/// <summary>A server with its own presence and tester, a runner on a real tunnel, and a connection to it.</summary>
/// <param name="shared">The class's server, where each test has an organization of its own; null: a server for each test, and organization <c>default</c>.</param>
public abstract class KubernetesProxyTest(TunnelServer? shared = null) : IAsyncLifetime
{
    private readonly List<IAsyncDisposable> _started = [];

    private protected ServerFixture Server { get; private set; } = null!;

    /// <summary>The name of the organization that the test works in.</summary>
    private protected string Org { get; private set; } = "default";

    /// <summary>The id of <see cref="Org"/>.</summary>
    private protected string OrgId { get; private set; } = "";

    private protected static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        if (shared is null)
        {
            Server = await StartServerAsync();
            OrgId = await Server.DefaultOrganizationIdAsync();
            return;
        }

        Server = await shared.GetAsync();
        Server.BeginTest();
        (Org, OrgId) = await NewOrganizationAsync("org");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var started in Enumerable.Reverse(_started))
            await started.DisposeAsync();
        if (shared is null && Server is not null)
            await Server.DisposeAsync();
        else
            Server?.Log.AssertNoUnexpectedErrors();
        GC.SuppressFinalize(this);
    }

    /// <summary>Override to change the settings of a test's own server.</summary>
    private protected virtual Task<ServerFixture> StartServerAsync() => ServerFixture.StartAsync(configure: TunnelServer.UseTunnels);

    /// <summary>A name that no other test of the class uses.</summary>
    private protected string UniqueName(string prefix) => shared?.UniqueName(prefix) ?? prefix;

    /// <summary>Makes one more organization that only this test uses.</summary>
    private protected async Task<(string Name, string Id)> NewOrganizationAsync(string prefix)
    {
        var made = await Server.Admin.CreateOrganizationAsync(UniqueName(prefix), Cancelled);
        return (made.Name, made.Id);
    }

    private protected T Started<T>(T value)
        where T : IAsyncDisposable
    {
        _started.Add(value);
        return value;
    }

    private protected async Task<ConnectedRunner> ConnectAsync(RequestDelegate target, string connection = "cluster", string runner = "prod", string? context = null)
    {
        var connected = Started(await ConnectedRunner.StartAsync(Server, runner, target, Org));
        await CreateConnectionAsync(connection, runner, context);
        return connected;
    }

    private protected Task<Connection> CreateConnectionAsync(string name, string? runner, string? context = null, string? org = null) =>
        Server.Admin.CreateConnectionAsync(
            org ?? Org,
            new CreateConnectionRequest { Name = name, Kind = "kubernetes", AuthMode = "runner", Runner = runner, Kubernetes = new KubernetesTarget { Context = context } },
            Cancelled);

    private protected async Task<HttpResponseMessage> GetAsync(string path, string? key = null, string? org = null, string connection = "cluster") =>
        await Server.HttpClient(key ?? Server.AdminKey).GetAsync(
            new Uri($"{Server.Url}kubernetes/{org ?? Org}/{connection}{path}"), HttpCompletionOption.ResponseHeadersRead, Cancelled);

    /// <summary>The records of proxied operations, in <see cref="Org"/> alone when the server is shared.</summary>
    private protected Task<List<AuditRecordEntity>> AuditAsync() => Server.QueryAsync(context => context.AuditRecords
        .Where(r => r.Action == KubernetesAction.Proxy && (shared == null || r.OrganizationId == OrgId))
        .OrderBy(r => r.Sequence).ToListAsync(Cancelled));
}
