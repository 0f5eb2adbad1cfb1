using Planton.Tunnel.Runner;

namespace Planton.Server.Tests.Fixture;

/// <summary>A runner's state folder, as far as the server can tell.</summary>
internal sealed class KeptCertificates : ICertificateStore
{
    private TunnelIdentity? _latest;

    public TunnelIdentity? Latest => Volatile.Read(ref _latest);

    public Task KeepAsync(TunnelIdentity identity, CancellationToken cancellationToken)
    {
        Volatile.Write(ref _latest, identity);
        return Task.CompletedTask;
    }

    /// <summary>Begins with what was kept, as a runner does that is started again.</summary>
    public void Resume(TunnelRunnerOptions options)
    {
        options.CertificateStore = this;
        if (Latest is { } kept)
            (options.Certificate, options.TrustedRoots, options.CertificateIssuedAt) = (kept.Certificate, kept.TrustedRoots, kept.IssuedAt);
    }
}
