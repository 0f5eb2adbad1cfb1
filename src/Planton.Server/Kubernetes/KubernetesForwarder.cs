using System.Net;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Planton.Api.Errors;
using Planton.Server.Errors;
using Planton.Server.Routing;
using Planton.Tunnel.Gateway;
using Planton.Tunnel.Upgrades;
using Yarp.ReverseProxy.Forwarder;

namespace Planton.Server.Kubernetes;

/// <summary>Sends one request through a tunnel and its answer back, streaming both.</summary>
internal sealed class KubernetesForwarder(IHttpForwarder forwarder, OperationSender sender)
{
    // Idle for hours is in order: a watch, a shell. Dead peers are found by the tunnel's own pings.
    private static readonly ForwarderRequestConfig Config = new()
    {
        Version = HttpVersion.Version20,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        ActivityTimeout = Timeout.InfiniteTimeSpan,
        AllowResponseBuffering = false,
    };

    /// <summary>Null when the target's answer was passed on, or there is nobody left to tell.</summary>
    public async Task<Error?> ForwardAsync(HttpContext context, Operation operation)
    {
        if (KubernetesPath.TargetOf(context) is not { } target)
            return new Error(ErrorCode.InvalidArgument, "the request's target is not a path");
        var upgrade = UpgradeForwarder.IsUpgrade(context);
        if (HttpMethods.IsConnect(context.Request.Method) && !upgrade)
            return new Error(ErrorCode.InvalidArgument, "a CONNECT that names no :protocol is not a request of Kubernetes");
        LiftLimits(context);
        var transformer = new KubernetesTransformer(operation, KubernetesPath.InTunnel(target));
        Error? answer = null;
        var error = await sender.SendAsync(operation, async tunnel =>
        {
            (var sent, answer) = upgrade
                ? await UpgradeAsync(context, operation, tunnel, transformer).ConfigureAwait(false)
                : await ProxyAsync(context, operation, tunnel, transformer).ConfigureAwait(false);
            return sent;
        }, context.RequestAborted).ConfigureAwait(false);
        return error ?? answer;
    }

    // The error is the answer's, when it was not the target's.
    private async Task<(Sent Sent, Error? Error)> ProxyAsync(
        HttpContext context, Operation operation, GatewayTunnel tunnel, KubernetesTransformer transformer)
    {
        // A first attempt that was not sent has left a status behind.
        context.Response.StatusCode = StatusCodes.Status200OK;
        var outcome = await forwarder.SendAsync(context, "http://runner", tunnel.Invoker, Config, transformer).ConfigureAwait(false);
        return outcome switch
        {
            ForwarderError.None => (Sent.Answered, transformer.Error?.ToError(operation)),
            _ when context.Response.HasStarted || context.RequestAborted.IsCancellationRequested => (Sent.Over, null),
            ForwarderError.Request when TunnelClosedException.IsIn(context.GetForwarderErrorFeature()?.Exception) => (Sent.NotSent, null),
            ForwarderError.RequestBodyClient => (Sent.Answered, new Error(ErrorCode.InvalidArgument, "the request's body is malformed: the target may have got a part of it")),
            _ => (Sent.Lost, null),
        };
    }

    // The target's limits hold, not ours: an upload is as large as it is, and a paused reader of a log is no attacker. What
    // a stalled stream can hold is bounded by the windows of the tunnel.
    private static void LiftLimits(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = null;
        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
            rate.MinDataRate = null;
    }

    private static async Task<(Sent Sent, Error? Error)> UpgradeAsync(
        HttpContext context, Operation operation, GatewayTunnel tunnel, KubernetesTransformer transformer)
    {
        using var request = new HttpRequestMessage();
        await transformer.TransformRequestAsync(context, request, "http://runner", context.RequestAborted).ConfigureAwait(false);
        RunnerAnswer? answer = null;
        try
        {
            await UpgradeForwarder.ForwardToTunnelAsync(context, tunnel.Invoker, request, PassOnAsync, context.RequestAborted).ConfigureAwait(false);
            return (Sent.Answered, answer?.ToError(operation));
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            if (context.Response.HasStarted || context.RequestAborted.IsCancellationRequested)
                return (Sent.Over, null);
            return (TunnelClosedException.IsIn(e) ? Sent.NotSent : Sent.Lost, null);
        }

        Task PassOnAsync(HttpResponseMessage response)
        {
            answer = RunnerAnswer.Read(response);
            RunnerAnswer.RemoveOurs(response);
            return answer is null ? UpgradeForwarder.PassOnAsync(context, response, context.RequestAborted) : Task.CompletedTask;
        }
    }
}
