using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Planton.Server.Tests.Fixture;
using Planton.Server.Tests.Kubernetes;

namespace Planton.Server.Tests.Gateway;

/// <summary>What <c>/metrics</c> shows after real operations; a server for each test, because it counts for the whole server.</summary>
[Collection(nameof(Alone))]
public sealed class GatewayMetricsTests : KubernetesProxyTest
{
    [Fact]
    public async Task OpenTunnelsAreCountedUpAndDown()
    {
        var first = await ConnectedRunner.StartAsync(Server, "prod", _ => Task.CompletedTask);
        await BecomesAsync("planton_tunnels", 1);
        var second = await ConnectedRunner.StartAsync(Server, "prod", _ => Task.CompletedTask);
        await BecomesAsync("planton_tunnels", 2);
        await first.DisposeAsync();
        await BecomesAsync("planton_tunnels", 1);
        await second.DisposeAsync();
        await BecomesAsync("planton_tunnels", 0);
    }

    [Fact]
    public async Task OperationsAreCountedByOutcome_AndWhileTheyRun()
    {
        var (entered, go) = (new SemaphoreSlim(0), new TaskCompletionSource());
        await ConnectAsync(async context =>
        {
            if (!context.Request.Path.Value!.EndsWith("/slow", StringComparison.Ordinal))
                return;
            entered.Release();
            await go.Task;
        });
        for (var call = 0; call < 3; call++)
            (await GetAsync("/api/v1/pods")).Dispose();
        await BecomesAsync("planton_operations_total", 3, "kind=\"kubernetes\"", "outcome=\"ok\"");
        await BecomesAsync("planton_operation_duration_seconds_count", 3, "kind=\"kubernetes\"");
        await BecomesAsync("planton_operations_active", 0);

        var slow = GetAsync("/slow");
        Assert.True(await entered.WaitAsync(TimeSpan.FromSeconds(10), Cancelled), "the operation never began");
        await BecomesAsync("planton_operations_active", 1);
        go.SetResult();
        (await slow).Dispose();
        await BecomesAsync("planton_operations_active", 0);
    }

    [Fact]
    public async Task AnOperationWhoseTunnelBreaks_IsCountedAsLost_AndIsNotActiveAnyMore()
    {
        var entered = new TaskCompletionSource();
        var runner = await ConnectAsync(context =>
        {
            entered.TrySetResult();
            return Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        });
        var call = GetAsync("/api/v1/pods");
        await entered.Task.WaitAsync(TimeSpan.FromSeconds(10), Cancelled);
        var id = runner.Credentials.Metadata!.RunnerId!;
        foreach (var tunnel in Server.Get<Planton.Tunnel.Gateway.TunnelRegistry>().Of(id))
            tunnel.Abort("cut by the test");
        (await call).Dispose();

        await BecomesAsync("planton_operations_total", 1, "outcome=\"runner_lost\"");
        await BecomesAsync("planton_operations_active", 0);
    }

    [Fact]
    public async Task RefusedTunnelsAreCountedByReason()
    {
        var credentials = (await Server.Admin.GenerateCredentialsAsync("default", "prod", Cancelled)).Credentials;
        await Server.QueryAsync(context => context.RunnerCredentials.ExecuteUpdateAsync(
            set => set.SetProperty(c => c.RevokedAt, TimeProvider.System.GetUtcNow()), Cancelled));
        await using var runner = await ConnectedRunner.StartAsync(credentials, _ => Task.CompletedTask);
        await runner.Link.Refused.WaitAsync(TimeSpan.FromSeconds(20), Cancelled);

        await Eventually.BecomesTrueAsync(
            async () => await ValueAsync("planton_tunnels_refused_total", "code=\"revoked\"") >= 1, "the refusal is counted", cancellationToken: Cancelled);
        Assert.Null(await ValueAsync("planton_tunnels"));
    }

    [Fact]
    public async Task NoNameIsShown()
    {
        await ConnectAsync(_ => Task.CompletedTask, "secret-connection", "secret-runner");
        (await GetAsync("/api/v1/namespaces/secret-namespace/pods", connection: "secret-connection")).Dispose();
        await BecomesAsync("planton_operations_total", 1, "outcome=\"ok\"");

        var text = await Server.HttpClient(Server.AdminKey).GetStringAsync(new Uri($"{Server.Url}metrics"), Cancelled);

        // By --metrics it needs no key: numbers alone.
        Assert.DoesNotContain("secret-", text, StringComparison.Ordinal);
        Assert.DoesNotContain("pck_", text, StringComparison.Ordinal);
    }

    private Task BecomesAsync(string name, double value, params string[] labels) => Eventually.BecomesTrueAsync(
        async () => await ValueAsync(name, labels) is { } now && now.Equals(value), $"{name}{{{string.Join(',', labels)}}} is {value}", cancellationToken: Cancelled);

    private async Task<double?> ValueAsync(string name, params string[] labels)
    {
        var text = await Server.HttpClient(Server.AdminKey).GetStringAsync(new Uri($"{Server.Url}metrics"), Cancelled);
        foreach (var line in text.Split('\n'))
        {
            if (Regex.Match(line, @"^(\w+)(?:\{(.*)\})? (\S+)") is { Success: true } match
                && match.Groups[1].Value == name && labels.All(label => match.Groups[2].Value.Contains(label, StringComparison.Ordinal)))
                return double.Parse(match.Groups[3].Value, CultureInfo.InvariantCulture);
        }

        return null;
    }
}
