using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Planton.Tunnel.Protocol;

namespace Planton.Tunnel.Gateway;

/// <summary>The life of a tunnel after its handshake: admission, greeting, events, end.</summary>
internal sealed partial class TunnelSession(
    TunnelGatewayOptions options, IGatewayCertificates certificates, ITunnelAdmission admission, TunnelRegistry registry,
    GatewayRefusals refusals, TimeProvider time, ILogger logger)
{
    private readonly ILogger _logger = logger;

    /// <summary>Returns when the tunnel is closed.</summary>
    public async Task RunAsync(
        TunnelCandidate candidate, Stream stream, Action closeConnection, PendingConnection pending, CancellationToken aborted)
    {
        using var tunnel = new GatewayTunnel(candidate, stream, closeConnection, options, time, _logger);
        using var abort = aborted.UnsafeRegister(t => ((GatewayTunnel)t!).Abort("the gateway stops"), tunnel);
        if (await RefusalAsync(candidate, aborted).ConfigureAwait(false) is { } refusal)
        {
            await RefuseAsync(tunnel, refusal, aborted).ConfigureAwait(false);
            return;
        }

        try
        {
            await LinkAsync(tunnel, pending, aborted).ConfigureAwait(false);
        }
        catch (InvalidDataException e)
        {
            await RefuseAsync(tunnel, new LinkRefusal(RefusalCode.Protocol, e.Message), aborted).ConfigureAwait(false);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            LogLost(tunnel.Id, candidate.Identity, e.InnerException?.Message ?? e.Message);
        }
    }

    private async Task<LinkRefusal?> RefusalAsync(TunnelCandidate candidate, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;
        if (now > candidate.Certificate.NotAfter.ToUniversalTime())
            return new LinkRefusal(RefusalCode.Expired, $"the certificate ended at {candidate.Certificate.NotAfter.ToUniversalTime():u}; generate new credentials");
        if (now < candidate.Certificate.NotBefore.ToUniversalTime())
            return new LinkRefusal(RefusalCode.NotYetValid, $"the certificate begins at {candidate.Certificate.NotBefore.ToUniversalTime():u} and it is {now:u} here; check the clocks");
        try
        {
            return await admission.AdmitAsync(candidate, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            if (refusals.MayLog("Runners that could not be looked up"))
                LogAdmissionFailed(e, candidate.Identity);
            return new LinkRefusal(RefusalCode.Unavailable, "the control plane cannot look this runner up now");
        }
    }

    private async Task LinkAsync(GatewayTunnel tunnel, PendingConnection pending, CancellationToken aborted)
    {
        using var greetingLimit = new CancellationTokenSource(options.GreetingTimeout, time);
        using var greetingOrAbort = CancellationTokenSource.CreateLinkedTokenSource(greetingLimit.Token, aborted);
        using var request = tunnel.ControlRequest(HttpMethod.Get, TunnelProtocol.LinkPath);
        using var response = await tunnel.Invoker.SendAsync(request, greetingOrAbort.Token).ConfigureAwait(false);
        if (!response.IsSuccessStatusCode)
            throw new InvalidDataException($"the runner answered {(int)response.StatusCode} to the opening of the link");
        var lines = new LineReader(await response.Content.ReadAsStreamAsync(aborted).ConfigureAwait(false));
        await using (lines.ConfigureAwait(false))
        {
            var greeting = await lines.ReadAsync(TunnelJson.Default.RunnerGreeting, TunnelProtocol.MaxGreetingBytes, greetingOrAbort.Token).ConfigureAwait(false)
                ?? throw new InvalidDataException("the runner closed the link without a greeting");
            if (greeting.Fault() is { } fault)
                throw new InvalidDataException($"the runner's greeting is refused: {fault}");
            pending.End();
            await ServeAsync(tunnel, greeting, lines, aborted).ConfigureAwait(false);
        }
    }

    private async Task ServeAsync(GatewayTunnel tunnel, RunnerGreeting greeting, LineReader lines, CancellationToken aborted)
    {
        if (registry.TryAdd(tunnel, options) is { } full)
        {
            await RefuseAsync(tunnel, new LinkRefusal(RefusalCode.Busy, full) { RetryAfter = options.BusyRetryAfter }, aborted).ConfigureAwait(false);
            return;
        }

        var told = false;
        try
        {
            tunnel.Announce(greeting);
            await admission.OnReadyAsync(tunnel, aborted).ConfigureAwait(false);
            told = true;
            if (!greeting.Starting)
                BecomeReady(tunnel, greeting);
            while (await lines.ReadAsync(TunnelJson.Default.LinkEvent, TunnelProtocol.MaxEventBytes, aborted).ConfigureAwait(false) is { } line)
            {
                await HandleAsync(tunnel, line, aborted).ConfigureAwait(false);
                if (line.Event != LinkEvent.Draining)
                    continue;
                await DrainedAsync(tunnel, lines, aborted).ConfigureAwait(false);
                break;
            }

            // The runner has no operation left, but the last bytes of one may still be on their way to a slow reader.
            await tunnel.OperationsEndAsync(aborted).ConfigureAwait(false);
            LogEnded(tunnel.Id, tunnel.Identity);
        }
        finally
        {
            registry.Remove(tunnel);
            tunnel.Close();
            if (told)
                await admission.OnClosedAsync(tunnel, CancellationToken.None).ConfigureAwait(false);
        }
    }

    private void BecomeReady(GatewayTunnel tunnel, RunnerGreeting greeting)
    {
        if (tunnel.BecomeReady())
            LogReady(tunnel.Id, tunnel.Identity, tunnel.RemoteEndPoint, greeting.Version, greeting.InstanceId);
    }

    // Nothing is under way here, which closes the tunnel and which the runner waits for; or the runner has ended the link. How long
    // that may take is the runner's affair: where only its certificate changes, as long as the operations do.
    private static async Task DrainedAsync(GatewayTunnel tunnel, LineReader lines, CancellationToken aborted)
    {
        var ended = lines.ReadAsync(TunnelJson.Default.LinkEvent, TunnelProtocol.MaxEventBytes, aborted).AsTask();
        if (await Task.WhenAny(ended, tunnel.Idle).ConfigureAwait(false) != ended)
            tunnel.Close();
        try
        {
            await ended.ConfigureAwait(false);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException && tunnel.Operations == 0)
        {
            // Closed at this end.
        }
    }

    private async Task HandleAsync(GatewayTunnel tunnel, LinkEvent line, CancellationToken aborted)
    {
        switch (line.Event)
        {
            case LinkEvent.Ready:
                BecomeReady(tunnel, tunnel.Greeting!);
                break;
            case LinkEvent.Draining:
                LogRunnerDrains(tunnel.Id, tunnel.Identity, tunnel.Operations);
                tunnel.BecomeDraining();
                break;
            case LinkEvent.Ping:
                await tunnel.PongAsync(line.Id, aborted).ConfigureAwait(false);
                break;
            case LinkEvent.Renew:
                await RenewAsync(tunnel, line, aborted).ConfigureAwait(false);
                break;
        }
    }

    // One after the other: a runner that asks for many waits for itself.
    private async Task RenewAsync(GatewayTunnel tunnel, LinkEvent line, CancellationToken aborted)
    {
        CertificateRenewal renewal;
        try
        {
            renewal = await admission.RenewAsync(tunnel, Convert.FromBase64String(line.Csr ?? ""), aborted).ConfigureAwait(false);
        }
        catch (FormatException)
        {
            renewal = CertificateRenewal.Refused(RenewalCode.Invalid, "the request is not base64");
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogRenewalFailed(e, tunnel.Identity);
            renewal = CertificateRenewal.Refused(RenewalCode.Unavailable, "the control plane cannot renew this certificate now");
        }

        using var certificate = renewal.Certificate;
        if (certificate is null)
        {
            LogRenewalRefused(tunnel.Id, tunnel.Identity, renewal.Code, renewal.Detail);
        }
        else
        {
            var ends = certificate.NotAfter.ToUniversalTime();
            LogRenewed(tunnel.Id, tunnel.Identity, certificate.SerialNumber, ends);
        }

        await tunnel.AnswerRenewalAsync(line.Id, renewal, certificates.TrustBundle, aborted).ConfigureAwait(false);
    }

    private async Task RefuseAsync(GatewayTunnel tunnel, LinkRefusal refusal, CancellationToken cancellationToken)
    {
        if (GatewayRefusals.IsOfCertificate(refusal.Code))
            refusals.Count(tunnel.RemoteEndPoint, tunnel.Certificate.GetCertHashString(HashAlgorithmName.SHA256));
        if (refusals.MayLog($"Tunnels of {tunnel.Identity} refused ({refusal.Code})"))
            LogRefused(tunnel.Identity, tunnel.RemoteEndPoint, refusal.Code, refusal.Detail);
        await tunnel.RefuseAsync(refusal, cancellationToken).ConfigureAwait(false);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Tunnel {TunnelId} ready: {Identity} from {RemoteEndPoint}, version {Version}, instance {InstanceId}")]
    private partial void LogReady(string tunnelId, Identity.RunnerIdentity identity, System.Net.EndPoint? remoteEndPoint, string version, string instanceId);

    [LoggerMessage(Level = LogLevel.Information, Message = "Tunnel {TunnelId} of {Identity} ended")]
    private partial void LogEnded(string tunnelId, Identity.RunnerIdentity identity);

    [LoggerMessage(Level = LogLevel.Information, Message = "Tunnel {TunnelId} of {Identity} drains, {Operations} operations under way")]
    private partial void LogRunnerDrains(string tunnelId, Identity.RunnerIdentity identity, int operations);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Tunnel {TunnelId} of {Identity} lost: {Reason}")]
    private partial void LogLost(string tunnelId, Identity.RunnerIdentity identity, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Tunnel of {Identity} from {RemoteEndPoint} refused ({Code}): {Reason}")]
    private partial void LogRefused(Identity.RunnerIdentity identity, System.Net.EndPoint? remoteEndPoint, string code, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Tunnel {TunnelId} of {Identity}: certificate renewed, {Serial} until {NotAfter:u}")]
    private partial void LogRenewed(string tunnelId, Identity.RunnerIdentity identity, string serial, DateTime notAfter);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Tunnel {TunnelId} of {Identity}: certificate not renewed ({Code}): {Reason}")]
    private partial void LogRenewalRefused(string tunnelId, Identity.RunnerIdentity identity, string? code, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The certificate of {Identity} could not be renewed")]
    private partial void LogRenewalFailed(Exception exception, Identity.RunnerIdentity identity);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Identity} could not be looked up")]
    private partial void LogAdmissionFailed(Exception exception, Identity.RunnerIdentity identity);
}
