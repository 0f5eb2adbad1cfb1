using Planton.Api.Errors;
using Planton.Runner.Logging;
using Planton.Runner.Network;
using Planton.Runner.Providers.Kubernetes;
using Planton.Runner.Providers.Kubernetes.Inline;
using Planton.Tunnel.Upgrades;
using Yarp.ReverseProxy.Forwarder;

namespace Planton.Runner.Operations;

/// <summary>Sends one operation to its cluster and the answer back, and says what failed when there is none.</summary>
internal sealed class KubernetesForwarder(IHttpForwarder forwarder, KubernetesTargets targets, InlineTargets inline, SecretMasker masker)
{
    private static readonly ForwarderRequestConfig Config = new()
    {
        Version = new Version(2, 0),
        VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        // A watch is silent for as long as nothing happens. Dead peers are found by pings, not by silence.
        ActivityTimeout = Timeout.InfiniteTimeSpan,
        AllowResponseBuffering = false,
    };

    /// <summary>Null when the target answered, or the client has gone; else why there is no answer.</summary>
    public async Task<OperationRefusal?> ForwardAsync(HttpContext context, string rawTarget, OperationInput input, OperationTiming timing)
    {
        var cancellationToken = context.RequestAborted;
        var leased = input.KubernetesConfig is { } config
            ? await inline.LeaseAsync(config, input.AllowedAddresses, input.Environment, cancellationToken)
            : await targets.LeaseAsync(input.KubeContext, input.Environment, cancellationToken);
        if (leased.Fault is { } fault)
            return Unreachable(fault);
        using var lease = leased.Value!;
        if (OperationTarget.Build(lease.Definition.Server, rawTarget, out var refusal) is not { } address)
            return refusal;
        timing.Sent();
        return UpgradeForwarder.IsTunnelledUpgrade(context)
            ? await SpliceAsync(context, lease, address, timing, cancellationToken)
            : await SendAsync(context, lease, address, timing);
    }

    private async Task<OperationRefusal?> SendAsync(HttpContext context, TargetLease lease, Uri address, OperationTiming timing)
    {
        // The prefix is what the transformer replaces by the whole address.
        var error = await forwarder.SendAsync(context, "http://target", lease.Invoker, Config, new OperationTransformer(address, timing));
        if (error == ForwarderError.None || context.RequestAborted.IsCancellationRequested)
            return null;
        var exception = context.Features.Get<IForwarderErrorFeature>()?.Exception;
        return exception is null || IsOfClient(error)
            ? null
            : Unreachable(NetworkFaultReader.Read(exception, lease.Definition.Address, lease.Proxy));
    }

    private async Task<OperationRefusal?> SpliceAsync(
        HttpContext context, TargetLease lease, Uri address, OperationTiming timing, CancellationToken cancellationToken)
    {
        if (UpgradeForwarder.TunnelledMethod(context) is not { } method)
            return new OperationRefusal(ErrorCode.InvalidArgument, "an upgrade must be a GET or a POST");
        using var request = new HttpRequestMessage(method, address);
        RequestHeaderFilter.Copy(context.Request.Headers, request);
        var answered = true;
        context.Response.OnStarting(() =>
        {
            if (answered)
            {
                OperationTransformer.RemoveOurs(context.Response.Headers);
                timing.Write(context.Response.Headers);
            }

            return Task.CompletedTask;
        });
        try
        {
            await UpgradeForwarder.ForwardToTargetAsync(context, lease.Invoker, request, cancellationToken);
            return null;
        }
        catch (Exception e) when (cancellationToken.IsCancellationRequested && (e is OperationCanceledException or IOException or HttpRequestException))
        {
            return null;
        }
        catch (Exception e) when (e is HttpRequestException or KnownFaultException or OperationCanceledException or IOException)
        {
            answered = false;
            return Unreachable(NetworkFaultReader.Read(e, lease.Definition.Address, lease.Proxy));
        }
    }

    private OperationRefusal Unreachable(NetworkFault fault) =>
        new(fault.Stage == NetworkStage.Refused ? ErrorCode.RefusedByRunner : ErrorCode.TargetUnreachable, masker.Apply(fault.ToString()))
        {
            AtTarget = fault.Stage is not (NetworkStage.Configuration or NetworkStage.Refused),
        };

    private static bool IsOfClient(ForwarderError error) => error
        is ForwarderError.RequestCanceled or ForwarderError.RequestBodyCanceled or ForwarderError.RequestBodyClient
        or ForwarderError.ResponseBodyCanceled or ForwarderError.ResponseBodyClient
        or ForwarderError.UpgradeRequestCanceled or ForwarderError.UpgradeRequestClient
        or ForwarderError.UpgradeResponseCanceled or ForwarderError.UpgradeResponseClient;
}
