using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Planton.Tunnel.Identity;
using Planton.Tunnel.Protocol;

namespace Planton.Tunnel.Runner;

/// <summary>
/// Holds as whom the runner dials, and changes it: by a renewed certificate, by a new bundle of authorities. What is new is
/// used even where it cannot be kept.
/// </summary>
internal sealed partial class IdentityKeeper(TunnelRunnerOptions options, ILogger<IdentityKeeper> logger) : IDisposable
{
    private readonly SemaphoreSlim _one = new(1);
    private TunnelIdentity _current = new(
        options.Certificate, options.TrustedRoots, options.CertificateIssuedAt ?? new DateTimeOffset(options.Certificate.NotBefore.ToUniversalTime()));

    public TunnelIdentity Current => Volatile.Read(ref _current);

    /// <summary>Takes a certificate that was issued for <paramref name="key"/>, and the authorities that came with it.</summary>
    /// <exception cref="RenewalException">It is not what was asked for.</exception>
    public async Task RenewAsync(
        X509Certificate2 certificate, ECDsa key, X509Certificate2Collection trust, DateTimeOffset issuedAt, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (CertificateIdentity.Read(certificate) is not { } identity || identity != CertificateIdentity.Read(Current.Certificate))
                throw new RenewalException("the gateway answered with a certificate of another identity");
            if (certificate.NotAfter.ToUniversalTime() <= issuedAt.UtcDateTime)
                throw new RenewalException("the gateway answered with a certificate that has ended already: check both clocks");
            if (!Overlaps(trust))
                throw new RenewalException("the gateway answered with authorities none of which this runner trusts");
            X509Certificate2 pair;
            try
            {
                pair = certificate.CopyWithPrivateKey(key);
            }
            catch (ArgumentException)
            {
                throw new RenewalException("the gateway answered with a certificate for another key");
            }

            if (!IsTrusted(trust))
                LogTrusts(trust.Count);
            // The one before is left to the finalizer: a dial may be using it at this moment.
            await UseAsync(new TunnelIdentity(pair, trust, issuedAt), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>
    /// Takes the authorities that the gateway tells. False when it does not trust one of them already: then whatever it is that
    /// says so, the control plane of these credentials is not to be found there.
    /// </summary>
    public async Task<bool> TrustAsync(X509Certificate2Collection trust, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (!Overlaps(trust))
                return false;
            if (IsTrusted(trust))
                return true;
            LogTrusts(trust.Count);
            await UseAsync(Current with { TrustedRoots = trust }, cancellationToken).ConfigureAwait(false);
            return true;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private bool IsTrusted(X509Certificate2Collection trust) => TrustBundle.Hash(trust) == TrustBundle.Hash(Current.TrustedRoots);

    private bool Overlaps(X509Certificate2Collection trust) =>
        Current.TrustedRoots.Any(root => trust.Any(other => other.RawDataMemory.Span.SequenceEqual(root.RawDataMemory.Span)));

    private async Task UseAsync(TunnelIdentity identity, CancellationToken cancellationToken)
    {
        try
        {
            if (options.CertificateStore is { } store)
                await store.KeepAsync(identity, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNotKept(e.Message);
        }

        Volatile.Write(ref _current, identity);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The control plane's authorities have changed: {Count} are trusted now")]
    private partial void LogTrusts(int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The runner's new certificate or authorities are in use, but could not be kept, and are lost at its next start: {Reason}")]
    private partial void LogNotKept(string reason);
}
