using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using SampleCluster.Api;
using SampleCluster.Exec.Shell;
using SampleCluster.Objects;

namespace SampleCluster.Exec;

/// <summary><c>…/pods/NAME/exec</c>, over WebSocket: what kubectl 1.31 and newer speak.</summary>
internal sealed class ExecHandler(ObjectStore store, IHostApplicationLifetime lifetime)
{
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(5);

    private static readonly string[] Protocols = ["v5.channel.k8s.io", "v4.channel.k8s.io"];

    public async Task HandleAsync(HttpContext context, StoredObject pod)
    {
        var command = context.Request.Query["command"].Select(c => c ?? "").ToArray();
        if (Refuse(context, pod, command) is { } refusal)
        {
            await context.Response.WriteStatusAsync(refusal, context.RequestAborted);
            return;
        }

        var protocol = Protocols.First(context.WebSockets.WebSocketRequestedProtocols.Contains);
        using var socket = await context.WebSockets.AcceptWebSocketAsync(protocol);
        using var connection = new ExecConnection(socket);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        var receiving = ReceiveThenEndAsync(connection, end);
        try
        {
            await RunAsync(connection, pod, context.Request.Query, command, end.Token);

            // The client closes, too; to leave before it does would reset the connection, and lose what it has not read yet.
            await receiving.WaitAsync(CloseTimeout, store.Time, end.Token);
        }
        catch (Exception exception) when (exception is OperationCanceledException or WebSocketException or TimeoutException)
        {
            // The client left before the command ended; as in a real cluster, that ends the command.
        }
        finally
        {
            await end.CancelAsync();
            await receiving;
        }
    }

    private static ApiStatus? Refuse(HttpContext context, StoredObject pod, string[] command)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            var upgrade = context.Request.Headers.Upgrade.ToString();
            return ApiStatus.BadRequest(upgrade.Length == 0
                ? "Upgrade request required"
                : $"the sample cluster speaks exec over WebSocket only, which kubectl 1.31 and newer do; this client asked for {upgrade}");
        }

        if (!Protocols.Any(context.WebSockets.WebSocketRequestedProtocols.Contains))
            return ApiStatus.BadRequest($"unable to negotiate a protocol: this server speaks {string.Join(", ", Protocols)}");
        if (command.Length == 0)
            return ApiStatus.BadRequest("you must specify at least 1 command for the container");
        var names = pod.Json.Items("spec", "containers").Select(c => c.Text("name") ?? "").ToList();
        var name = context.Request.Query["container"].ToString() is { Length: > 0 } given ? given : names.FirstOrDefault() ?? "";
        if (!names.Contains(name))
            return ApiStatus.BadRequest($"container {name} is not valid for pod {pod.Name}");
        var status = pod.Json.Items("status", "containerStatuses").FirstOrDefault(s => s.Text("name") == name);
        return status.Object("state", "running") is null
            ? new ApiStatus(500, "InternalError", $"unable to upgrade connection: container not found (\"{name}\")")
            : null;
    }

    private async Task RunAsync(
        ExecConnection connection, StoredObject pod, IQueryCollection query, string[] command, CancellationToken cancellationToken)
    {
        // An empty message tells the client that the streams are open.
        await connection.SendAsync(ExecChannel.Output, ReadOnlyMemory<byte>.Empty, cancellationToken);
        var tty = query["tty"].ToString() is "true" or "1";
        var output = connection.Channel(ExecChannel.Output);
        var streams = tty
            ? new ShellStreams(connection.Input, new TerminalOutput(output), new TerminalOutput(output))
            : new ShellStreams(connection.Input, output, connection.Channel(ExecChannel.Error));
        var shell = new ToyShell(new VirtualContainer(pod.Json, store.Time), tty);
        var code = await shell.RunCommandAsync(command, streams, cancellationToken);
        await connection.Input.CompleteAsync();
        await connection.SendAsync(ExecChannel.Outcome, JsonSerializer.SerializeToUtf8Bytes<JsonNode>(Outcome(code)), cancellationToken);
        await connection.CloseAsync(cancellationToken);
    }

    private static JsonObject Outcome(int code)
    {
        var status = new JsonObject { ["metadata"] = new JsonObject(), ["status"] = code == 0 ? "Success" : "Failure" };
        if (code != 0)
        {
            status["message"] = $"command terminated with exit code {code}";
            status["reason"] = "NonZeroExitCode";
            status["details"] = new JsonObject
            {
                ["causes"] = new JsonArray(new JsonObject { ["reason"] = "ExitCode", ["message"] = $"{code}" }),
            };
        }

        return status;
    }

    private static async Task ReceiveThenEndAsync(ExecConnection connection, CancellationTokenSource end)
    {
        try
        {
            await connection.ReceiveAsync(end.Token);
            await end.CancelAsync();
        }
        catch (OperationCanceledException)
        {
            // The command ended first.
        }
    }
}
