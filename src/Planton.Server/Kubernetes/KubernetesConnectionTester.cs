using System.Net;
using System.Text.Json;
using Planton.Api.Connections;
using Planton.Api.Errors;
using Planton.Server.Connections;
using Planton.Server.Errors;
using Planton.Server.Routing;
using Planton.Tunnel.Gateway;

namespace Planton.Server.Kubernetes;

/// <summary>Asks a cluster for its version, and times each stage on the way.</summary>
internal sealed class KubernetesConnectionTester(OperationSender sender, TimeProvider time) : IConnectionTester
{
    private const int MaxVersionBytes = 64 * 1024;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    public async Task<IReadOnlyList<ConnectionTestStage>> TestAsync(Operation operation, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var stages = new List<ConnectionTestStage>();
        var began = time.GetTimestamp();
        try
        {
            if (await sender.SendAsync(operation, tunnel => SendAsync(tunnel, operation, stages, either.Token), either.Token).ConfigureAwait(false) is { } error)
                stages.Add(Failed(Next(stages), Since(began), error));
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            stages.Add(Failed(Next(stages), Since(began), new Error(ErrorCode.TargetUnreachable, $"no answer within {Limit.TotalSeconds:0} s")));
        }

        return stages;
    }

    private async Task<Sent> SendAsync(GatewayTunnel tunnel, Operation operation, List<ConnectionTestStage> stages, CancellationToken cancellationToken)
    {
        // Another tunnel than at a first attempt that was not sent.
        stages.Clear();
        try
        {
            var began = time.GetTimestamp();
            await tunnel.PingAsync(cancellationToken).ConfigureAwait(false);
            var roundTrip = Since(began);
            var replica = operation.Route.IsOfPlatform ? "a replica" : $"replica {tunnel.Greeting?.HostName} at {tunnel.RemoteEndPoint}";
            stages.Add(Passed(ConnectionTestStageName.Tunnel, roundTrip, $"{replica}, version {tunnel.Greeting?.Version}"));
            began = time.GetTimestamp();
            using var request = new HttpRequestMessage(HttpMethod.Get, KubernetesPath.InTunnel("/version"))
            {
                Version = HttpVersion.Version20,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            };
            operation.WriteHeaders(request);
            using var response = await tunnel.Invoker.SendAsync(request, cancellationToken).ConfigureAwait(false);
            var all = Since(began);
            var atRunner = RunnerAnswer.Milliseconds(response, all);
            stages.AddRange(await JudgeAsync(response, operation, atRunner, Math.Max(0, all - atRunner - roundTrip), cancellationToken).ConfigureAwait(false));
            return Sent.Answered;
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return TunnelClosedException.IsIn(e) ? Sent.NotSent : Sent.Lost;
        }
    }

    private static async Task<IReadOnlyList<ConnectionTestStage>> JudgeAsync(
        HttpResponseMessage response, Operation operation, double atRunner, double atTarget, CancellationToken cancellationToken)
    {
        var own = RunnerAnswer.Read(response);
        if (own is { AtTarget: false })
            return [Failed(ConnectionTestStageName.Runner, atRunner, own.ToError(operation))];
        var credentials = operation.Credentials is null ? "with its own credentials" : "with the connection's credentials";
        var runner = Passed(ConnectionTestStageName.Runner, atRunner, $"runner \"{operation.Route.Runner.Name}\", {credentials}");
        if (own is not null)
            return [runner, Failed(ConnectionTestStageName.Target, atTarget, own.ToError(operation))];
        if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
            return [runner, Refused($"the cluster refuses these credentials ({(int)response.StatusCode})")];
        return response.IsSuccessStatusCode
            ? [runner, Passed(ConnectionTestStageName.Target, atTarget, $"Kubernetes {await VersionAsync(response, cancellationToken).ConfigureAwait(false)}")]
            : [runner, Refused($"the target answered {(int)response.StatusCode}")];

        ConnectionTestStage Refused(string detail) => Failed(ConnectionTestStageName.Target, atTarget, new Error(ErrorCode.TargetUnreachable, detail));
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

    // Nothing of the tunnel has passed, or the tunnel broke while the runner or the target had the request.
    private static string Next(List<ConnectionTestStage> stages) =>
        stages.Count == 0 ? ConnectionTestStageName.Tunnel : ConnectionTestStageName.Target;

    private static ConnectionTestStage Failed(string name, double milliseconds, Error error) =>
        new(name, false, milliseconds, error.Hint is null ? error.Detail : $"{error.Detail}. {error.Hint}", error.Code);

    private static ConnectionTestStage Passed(string name, double milliseconds, string detail) => new(name, true, milliseconds, detail, null);

    private double Since(long began) => Math.Round(time.GetElapsedTime(began).TotalMilliseconds, 2);
}
