using System.Globalization;
using Planton.Api;
using Planton.Runner.Credentials;
using Planton.Runner.Operations;
using Planton.Tunnel.Links;
using Planton.Tunnel.Protocol;
using Planton.Tunnel.Runner;

namespace Planton.Runner.Startup;

/// <summary>The two phases: the tunnel by certificate, then identity by API key. Operations begin after both.</summary>
internal sealed partial class StartSequence(
    TunnelLink link, IdentityCheck identity, OperationsGate gate, LoadedCredentials credentials, StartSettings settings,
    TimeProvider time, ILogger<StartSequence> logger)
{
    /// <summary>Null when the runner accepts operations.</summary>
    public async Task<StartFailure?> RunAsync(CancellationToken stopping)
    {
        var began = time.GetTimestamp();
        using var limit = new CancellationTokenSource(settings.StartTimeout, time);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stopping);
        LogDialling(credentials.TunnelEndpoint);
        LinkStatus status;
        try
        {
            status = await link.WaitForStartAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            stopping.ThrowIfCancellationRequested();
            return TunnelTooLate(link.Status);
        }

        if (status.State != LinkState.Ready && status.Refusal is { } refusal)
            return Refused(refusal);
        LogAuthenticating(credentials.ControlPlane);
        var failure = await identity.RunAsync(deadline.Token);
        stopping.ThrowIfCancellationRequested();
        if (failure is not null)
            return failure;
        gate.Open();
        try
        {
            await link.AcceptOperationsAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            stopping.ThrowIfCancellationRequested();
            return TunnelTooLate(link.Status);
        }

        var milliseconds = time.GetElapsedTime(began).TotalMilliseconds;
        LogReady(milliseconds);
        return null;
    }

    public static StartFailure Refused(LinkRefusal refusal) =>
        StartFailure.Refused(StartStep.Tunnel, $"the gateway refused this runner ({refusal.Code}): {refusal.Detail}");

    private StartFailure TunnelTooLate(LinkStatus status) => StartFailure.Unreachable(StartStep.Tunnel, string.Create(CultureInfo.InvariantCulture,
        $"the gateway at {credentials.TunnelEndpoint} could not be reached within --start-timeout ({settings.StartTimeout.TotalSeconds:0.#} s, {status.Attempts} attempts). Last error: {status.Refusal?.Detail ?? status.LastError ?? "none: a dial was still under way"}"));

    [LoggerMessage(Level = LogLevel.Information, Message = "Step 1 of 2: establishing the tunnel to {Endpoint}")]
    private partial void LogDialling(HostAndPort endpoint);

    [LoggerMessage(Level = LogLevel.Information, Message = "Step 2 of 2: authenticating with the control plane at {Url}")]
    private partial void LogAuthenticating(Uri url);

    [LoggerMessage(Level = LogLevel.Information, Message = "Ready after {Milliseconds:0} ms: accepting operations")]
    private partial void LogReady(double milliseconds);
}
