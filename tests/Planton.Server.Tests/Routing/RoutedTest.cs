using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Planton.Api.Connections;
using Planton.Api.Operations;
using Planton.Server.Audit;
using Planton.Server.Kubernetes;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Routing;

/// <summary>A test with runners on real tunnels and connections to them, in the test's organization.</summary>
public abstract class RoutedTest(SharedServer shared) : SharedServerTest(shared)
{
    private readonly List<IAsyncDisposable> _started = [];

    /// <summary>Stops the runners, and unsets the platform's default runner: the one thing that the tests of a class share.</summary>
    public override async ValueTask DisposeAsync()
    {
        foreach (var started in Enumerable.Reverse(_started))
            await started.DisposeAsync();
        if (Server is not null)
            await Server.QueryAsync(context => context.DefaultRunnerBindings
                .Where(binding => binding.OrganizationId == null).ExecuteDeleteAsync(Cancellation));
        await base.DisposeAsync();
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
        var connected = await StartRunnerAsync(runner, target);
        await CreateConnectionAsync(connection, runner, context);
        return connected;
    }

    private protected async Task<ConnectedRunner> StartRunnerAsync(string name, RequestDelegate target, string[]? capabilities = null) =>
        Started(await ConnectedRunner.StartAsync(Server, name, target, Org, capabilities));

    private protected Task<Connection> CreateConnectionAsync(string name, string? runner, string? context = null, string? org = null) =>
        Admin.CreateConnectionAsync(
            org ?? Org,
            new CreateConnectionRequest
            {
                Name = name, Kind = "kubernetes", AuthMode = "runner", Runner = runner, Kubernetes = new KubernetesTarget { Context = context },
            },
            Cancellation);

    private protected Uri UrlOf(string connection, string path) => new($"{Server.Url}kubernetes/{Org}/{connection}{path}");

    private protected async Task<HttpResponseMessage> GetAsync(string path, string connection = "cluster") =>
        await Server.HttpClient(Server.AdminKey).GetAsync(UrlOf(connection, path), HttpCompletionOption.ResponseHeadersRead, Cancellation);

    /// <summary>The records of the operations in the test's organization.</summary>
    private protected Task<List<AuditRecordEntity>> AuditAsync() => Server.QueryAsync(context => context.AuditRecords
        .Where(r => r.Action == KubernetesAction.Proxy && r.OrganizationId == OrgId).OrderBy(r => r.Sequence).ToListAsync(Cancellation));

    /// <summary>The message of a refused operation, whose code it checks, and whose status if given.</summary>
    private protected static async Task<string> MessageAsync(HttpResponseMessage response, string code, int? status = null)
    {
        var found = response.Headers.TryGetValues(OperationHeaders.Error, out var codes) ? codes.Single() : "no error";
        Assert.Equal((status ?? (int)response.StatusCode, code), ((int)response.StatusCode, found));
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancellation));
        return json.RootElement.GetProperty("message").GetString()!;
    }
}
