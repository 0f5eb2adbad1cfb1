using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Planton.Api.Connections;
using Planton.Server.Audit;
using Planton.Server.Connections;
using Planton.Server.Gateway;
using Planton.Server.Kubernetes;
using Planton.Server.Runners;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Kubernetes;

/// <summary>A server with its own presence and tester, a runner on a real tunnel, and a connection to it.</summary>
public abstract class KubernetesProxyTest : IAsyncLifetime
{
    private readonly List<IAsyncDisposable> _started = [];

    private protected ServerFixture Server { get; private set; } = null!;

    private protected static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => Server = await ServerFixture.StartAsync(configure: Real);

    public async ValueTask DisposeAsync()
    {
        foreach (var started in Enumerable.Reverse(_started))
            await started.DisposeAsync();
        await Server.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected T Started<T>(T value)
        where T : IAsyncDisposable
    {
        _started.Add(value);
        return value;
    }

    private protected async Task<ConnectedRunner> ConnectAsync(RequestDelegate target, string connection = "cluster", string runner = "prod", string? context = null)
    {
        var connected = Started(await ConnectedRunner.StartAsync(Server, runner, target));
        await CreateConnectionAsync(connection, runner, context);
        return connected;
    }

    private protected Task<Connection> CreateConnectionAsync(string name, string? runner, string? context = null, string org = "default") =>
        Server.Admin.CreateConnectionAsync(
            org, new CreateConnectionRequest { Name = name, Kind = "kubernetes", AuthMode = "runner", Runner = runner, Kubernetes = new KubernetesTarget { Context = context } }, Cancelled);

    private protected async Task<HttpResponseMessage> GetAsync(string path, string? key = null, string org = "default", string connection = "cluster") =>
        await Server.HttpClient(key ?? Server.AdminKey).GetAsync(
            new Uri($"{Server.Url}kubernetes/{org}/{connection}{path}"), HttpCompletionOption.ResponseHeadersRead, Cancelled);

    private protected Task<List<AuditRecordEntity>> AuditAsync() => Server.QueryAsync(context =>
        context.AuditRecords.Where(r => r.Action == KubernetesAction.Proxy).OrderBy(r => r.Sequence).ToListAsync(Cancelled));

    private static void Real(WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IRunnerPresence, RunnerPresence>();
        builder.Services.AddSingleton<IConnectionTester, KubernetesConnectionTester>();
    }
}
