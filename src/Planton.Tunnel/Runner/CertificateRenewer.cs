using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Planton.Tunnel.Links;

namespace Planton.Tunnel.Runner;

/// <summary>
/// Renews the runner's certificate before it ends, over the tunnel that it has opened: with a key made here, which never leaves
/// this machine. Whoever has only the API key can do nothing of the kind.
/// </summary>
internal sealed partial class CertificateRenewer(
    TunnelLink tunnel, IdentityKeeper identity, TunnelRunnerOptions options, TimeProvider time, ILogger<CertificateRenewer> logger) : BackgroundService
{
    // Timers end at 49 days, and do not count the time that a machine sleeps.
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    private readonly Backoff _backoff = new(options.RenewalRetryFirst, options.RenewalRetryCap, Random.Shared.NextDouble);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            tunnel.Renewal = new RenewalStatus(identity.Current.ExpiresAt, DueAt(identity.Current), 0, null);
            // A certificate that is due at the start would otherwise count as a failed renewal, for want of a link.
            await tunnel.WaitForStartAsync(stoppingToken).ConfigureAwait(false);
            while (true)
            {
                await DueAsync(stoppingToken).ConfigureAwait(false);
                await TryRenewAsync(stoppingToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The runner stops.
        }
    }

    private DateTimeOffset DueAt(TunnelIdentity current)
    {
        var life = current.ExpiresAt - current.IssuedAt;
        // Jitter: runners that were installed together do not all come together.
        return current.IssuedAt + (life * (options.RenewalShare - (options.RenewalJitter * Random.Shared.NextDouble())));
    }

    private async Task DueAsync(CancellationToken stopping)
    {
        while (tunnel.Renewal!.DueAt - time.GetUtcNow() is var left && left > TimeSpan.Zero)
        {
            // The gateway may ask for it earlier.
            using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping);
            var wait = Task.Delay(left < LongestWait ? left : LongestWait, time, either.Token);
            await Task.WhenAny(wait, tunnel.RenewalAsked).ConfigureAwait(false);
            await either.CancelAsync().ConfigureAwait(false);
            stopping.ThrowIfCancellationRequested();
            if (tunnel.TakeRenewalAsked() is { } after && time.GetUtcNow() + after is var asked && asked < tunnel.Renewal.DueAt)
                tunnel.Renewal = tunnel.Renewal with { DueAt = asked };
        }
    }

    private async Task TryRenewAsync(CancellationToken stopping)
    {
        string error;
        try
        {
            await RenewAsync(stopping).ConfigureAwait(false);
            _backoff.Reset();
            // This renewal settles earlier requests. A gateway that wants another one asks again over the next link.
            tunnel.TakeRenewalAsked();
            tunnel.Renewal = new RenewalStatus(identity.Current.ExpiresAt, DueAt(identity.Current), 0, null);
            LogRenewed(identity.Current.ExpiresAt.UtcDateTime, options.CertificateStore is not null);
            return;
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            error = $"the gateway did not answer within {options.RenewalTimeout.TotalSeconds:0} s";
        }
        catch (Exception e) when (e is IOException or RenewalException or CryptographicException)
        {
            error = e.Message;
        }

        // Never less than half of it: the gateway counts.
        var wait = _backoff.Next() + options.RenewalRetryFirst;
        tunnel.Renewal = tunnel.Renewal! with { DueAt = time.GetUtcNow() + wait, Failures = tunnel.Renewal.Failures + 1, LastError = error };
        LogNotRenewed(identity.Current.ExpiresAt.UtcDateTime, error, wait.TotalSeconds);
    }

    private async Task RenewAsync(CancellationToken stopping)
    {
        using var limit = new CancellationTokenSource(options.RenewalTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stopping);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        // The gateway takes no name from it.
        var request = new CertificateRequest("CN=Planton runner", key, HashAlgorithmName.SHA256).CreateSigningRequest();
        var answer = await tunnel.RenewAsync(request, either.Token).ConfigureAwait(false);
        if (answer is not { Certificate: { } certificate, Trust: { } trust })
            throw new RenewalException(answer.Code is null ? "the gateway's answer holds no certificate that can be read" : $"{answer.Detail} ({answer.Code})");
        using (certificate)
            await identity.RenewAsync(certificate, key, trust, time.GetUtcNow(), either.Token).ConfigureAwait(false);
        tunnel.Replace();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The runner's certificate is renewed, until {NotAfter:u} (kept: {Kept})")]
    private partial void LogRenewed(DateTime notAfter, bool kept);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The runner's certificate, which ends at {NotAfter:u}, is not renewed: {Reason}; tried again in {Seconds:0} s")]
    private partial void LogNotRenewed(DateTime notAfter, string reason, double seconds);
}
