using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Planton.Server.Encryption;
using Planton.Server.Storage;

namespace Planton.Server.CertificateAuthority;

/// <summary>
/// Keeps the server's own certificate between starts, sealed under the master key, so that a restart does not change what
/// peers see; and makes it anew when the names it must have change, or when it nears its end.
/// </summary>
internal sealed partial class ServerCertificateStore(
    CertificateAuthorityService authority,
    DataDirectory data,
    MasterKey masterKey,
    ServerNames names,
    CertificateOptions options,
    TimeProvider time,
    ILogger<ServerCertificateStore> logger)
{
    public const string FileName = "server-certificate.sealed";

    private const string Purpose = "server-certificate";

    private string Path => data.PathOf(FileName);

    public async Task LoadOrRenewAsync(CancellationToken cancellationToken)
    {
        if (await ReadAsync(cancellationToken).ConfigureAwait(false) is { } kept)
        {
            if (IsGood(kept))
            {
                authority.UseServerCertificate(kept);
                return;
            }

            kept.Dispose();
        }

        await RenewAsync(cancellationToken).ConfigureAwait(false);
    }

    public async Task RenewIfDueAsync(CancellationToken cancellationToken)
    {
        if (!IsGood(authority.ServerCertificate))
            await RenewAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        var certificate = authority.MakeServerCertificate(names.All);
        using var key = certificate.GetECDsaPrivateKey()!;
        var plain = Encoding.ASCII.GetBytes(certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem());
        try
        {
            await AtomicFile.WriteAsync(Path, masterKey.Seal(Purpose, plain), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }

        authority.UseServerCertificate(certificate);
        var hosts = string.Join(", ", names.All);
        var end = certificate.NotAfter.ToUniversalTime();
        LogMade(hosts, end);
    }

    private async Task<X509Certificate2?> ReadAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists(Path))
            return null;
        var sealedBytes = await File.ReadAllBytesAsync(Path, cancellationToken).ConfigureAwait(false);
        // What cannot be opened is made anew: it came from our authority and can again.
        if (!masterKey.TryOpen(Purpose, sealedBytes, out var plain))
            return null;
        try
        {
            var pem = Encoding.ASCII.GetString(plain);
            return X509Certificate2.CreateFromPem(pem, pem);
        }
        catch (CryptographicException)
        {
            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    private bool IsGood(X509Certificate2 certificate)
    {
        var begin = certificate.NotBefore.ToUniversalTime();
        var life = certificate.NotAfter.ToUniversalTime() - begin;
        var now = time.GetUtcNow().UtcDateTime;
        // Before it begins: made while this machine's clock was ahead.
        return now >= begin && now < begin + (life * options.RenewAfter)
            && certificate.Issuer == authority.Authorities.OfServer.Certificate.Subject
            && names.AreThoseOf(certificate);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Made the server's certificate for {Names}, valid until {NotAfter:u}")]
    private partial void LogMade(string names, DateTime notAfter);
}
