using System.Net;
using System.Text.Json;
using Planton.Api.Connections;
using Planton.Api.Errors;
using Planton.Server.Connections;
using Planton.Server.Errors;
using Planton.Server.Routing;
using Planton.Tunnel.Gateway;

namespace Planton.Server.Kubernetes;

/// <summary>Asks a cluster for its version, stage by stage.</summary>
internal sealed class KubernetesConnectionTester(RouteResolver routes, OperationSender sender, TimeProvider time) : IConnectionTester
{
    private const int MaxVersionBytes = 64 * 1024;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    public async Task<ConnectionTest> TestAsync(ConnectionEntity connection, string operationId, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var stages = new List<ConnectionTestStage>();
        var began = time.GetTimestamp();
        var route = await routes.ResolveAsync(connection, either.Token).ConfigureAwait(false);
        if (!route.Succeeded)
            return Failed(stages, "route", began, route.Error);
        stages.Add(Passed("route", began, $"runner \"{route.Value.Runner.Name}\", by {Describe(route.Value.Level)}"));
        var operation = new Operation(operationId, connection, route.Value);
        began = time.GetTimestamp();
        try
        {
            var error = await sender.SendAsync(route.Value, tunnel => SendAsync(tunnel, operation, stages, either.Token)).ConfigureAwait(false);
            if (error is not null)
                return Failed(stages, stages.Count == 1 ? "tunnel" : "target", began, error);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            var stage = stages.Count == 1 ? "tunnel" : "target";
            return Failed(stages, stage, began, new Error(ErrorCode.TargetUnreachable, $"no answer within {Limit.TotalSeconds:0} s"));
        }

        return new ConnectionTest(stages.TrueForAll(stage => stage.Ok), stages);
    }

    private async Task<Sent> SendAsync(GatewayTunnel tunnel, Operation operation, List<ConnectionTestStage> stages, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        try
        {
            await tunnel.PingAsync(cancellationToken).ConfigureAwait(false);
            stages.Add(Passed("tunnel", began, $"replica {tunnel.Greeting?.HostName} at {tunnel.RemoteEndPoint}, version {tunnel.Greeting?.Version}"));
            began = time.GetTimestamp();
            using var request = new HttpRequestMessage(HttpMethod.Get, KubernetesPath.InTunnel("/version"))
            {
                Version = HttpVersion.Version20,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            };
            operation.WriteHeaders(request);
            using var response = await tunnel.Invoker.SendAsync(request, cancellationToken).ConfigureAwait(false);
            stages.Add(await JudgeAsync(response, operation, began, cancellationToken).ConfigureAwait(false));
            return Sent.Answered;
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return TunnelClosedException.IsIn(e) ? Sent.NotSent : Sent.Lost;
        }
    }

    private async Task<ConnectionTestStage> JudgeAsync(HttpResponseMessage response, Operation operation, long began, CancellationToken cancellationToken)
    {
        if (RunnerAnswer.Read(response) is { } own)
        {
            var error = own.ToError(operation.Route.Runner.Name);
            return new ConnectionTestStage("target", false, Since(began), error.Detail, error.Code);
        }

        if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
            return new ConnectionTestStage("target", false, Since(began), $"the cluster refuses the runner's credentials ({(int)response.StatusCode})", ErrorCode.TargetUnreachable);
        if (!response.IsSuccessStatusCode)
            return new ConnectionTestStage("target", false, Since(began), $"the target answered {(int)response.StatusCode}", ErrorCode.TargetUnreachable);
        return Passed("target", began, $"Kubernetes {await VersionAsync(response, cancellationToken).ConfigureAwait(false)}");
    }

    private static async Task<string> VersionAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            await response.Content.LoadIntoBufferAsync(MaxVersionBytes, cancellationToken).ConfigureAwait(false);
            using var json = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false));
            return json.RootElement.TryGetProperty("gitVersion", out var version) ? version.ToString() : "of unknown version";
        }
        catch (JsonException)
        {
            return "of unknown version (its answer is not JSON)";
        }
    }

    private ConnectionTest Failed(List<ConnectionTestStage> stages, string stage, long began, Error error)
    {
        stages.Add(new ConnectionTestStage(stage, false, Since(began), error.Hint is null ? error.Detail : $"{error.Detail}. {error.Hint}", error.Code));
        return new ConnectionTest(false, stages);
    }

    private ConnectionTestStage Passed(string name, long began, string detail) => new(name, true, Since(began), detail, null);

    private double Since(long began) => Math.Round(time.GetElapsedTime(began).TotalMilliseconds, 2);

    private static string Describe(RouteLevel level) => level switch
    {
        RouteLevel.Connection => "the connection",
        RouteLevel.Organization => "the organization's default",
        _ => "the platform's default",
    };
}
