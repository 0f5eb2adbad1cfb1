namespace Planton.Tunnel.Runner;

/// <summary>Where a runner keeps the certificates and authorities that it is given while it runs.</summary>
public interface ICertificateStore
{
    /// <summary>Keeps them in place of those before; when this returns, they survive the process.</summary>
    /// <exception cref="IOException">They could not be written.</exception>
    Task KeepAsync(TunnelIdentity identity, CancellationToken cancellationToken);
}
