using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Planton.Runner.Credentials;
using Planton.Runner.Files;
using Planton.Tunnel.Identity;
using Planton.Tunnel.Runner;

namespace Planton.Runner.State;

/// <summary>
/// Certificates and authorities that outlive the process: one file a credential in <c>--state-dir</c>. Credentials that were made
/// anew have another id, and so another file.
/// </summary>
/// <param name="folder">The folder.</param>
/// <param name="credentialId"><c>metadata.id</c> of the credentials document.</param>
/// <param name="issued">The document's own certificate, which need not be kept a second time.</param>
internal sealed class CertificateState(string folder, string credentialId, X509Certificate2 issued) : ICertificateStore
{
    private const int MaxBytes = 256 * 1024;

    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetFullPath(folder), $"certificate-{FileId(credentialId)}.json");

    /// <summary>What may be used of what is there; and what cannot be, in words, when there is something that cannot.</summary>
    public (KeptIdentity? Kept, string? Fault) Read(DateTimeOffset now, Action<string?> mask)
    {
        try
        {
            if (!File.Exists(Path))
                return (null, null);
            if (CredentialsFilePermissions.Check(Path) is { } exposed)
                return (null, exposed);
            if (MountedFile.Read(Path, MaxBytes) is not { } json)
                return (null, "is too long to be a state of a runner");
            var state = JsonSerializer.Deserialize(json, StateJson.Default.StoredState);
            mask(state?.PrivateKey);
            return Judge(state, now);
        }
        catch (JsonException)
        {
            // The exception's message quotes the file.
            return (null, "is damaged: it is not JSON");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (null, $"cannot be read: {e.Message}");
        }
    }

    public async Task KeepAsync(TunnelIdentity identity, CancellationToken cancellationToken)
    {
        using var key = identity.Certificate.GetECDsaPrivateKey();
        var own = identity.Certificate.RawDataMemory.Span.SequenceEqual(issued.RawDataMemory.Span);
        var state = new StoredState
        {
            CredentialId = credentialId,
            IssuedAt = identity.IssuedAt,
            Certificate = own ? null : identity.Certificate.ExportCertificatePem(),
            PrivateKey = own ? null : key!.ExportPkcs8PrivateKeyPem(),
            CaCertificates = string.Concat(identity.TrustedRoots.Select(root => root.ExportCertificatePem() + "\n")),
        };
        var content = JsonSerializer.SerializeToUtf8Bytes(state, StateJson.Default.StoredState);
        try
        {
            await PrivateFile.ReplaceAsync(Path, content, cancellationToken);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(content);
        }
    }

    private (KeptIdentity? Kept, string? Fault) Judge(StoredState? state, DateTimeOffset now)
    {
        if (state?.Version != StoredState.CurrentVersion)
            return (null, "is of another version of this program");
        if (state.CredentialId != credentialId)
            return (null, "belongs to other credentials");
        var roots = new X509Certificate2Collection();
        try
        {
            roots.ImportFromPem(state.CaCertificates);
            if (roots.Count == 0)
                return (null, "is damaged: it names no authority");
            if (state.Certificate is null)
                return (new KeptIdentity(null, state.IssuedAt, roots), null);
            using var certificate = X509Certificate2.CreateFromPem(state.Certificate);
            if (CertificateIdentity.Read(certificate) is not { } identity || identity != CertificateIdentity.Read(issued))
                return (null, "belongs to another runner");
            // Its end is no damage: it may have been switched off for long, and the document's own may be good still.
            if (certificate.NotAfter.ToUniversalTime() <= now.UtcDateTime)
                return (new KeptIdentity(null, state.IssuedAt, roots), null);
            using var key = ECDsa.Create();
            key.ImportFromPem(state.PrivateKey);
            return (new KeptIdentity(certificate.CopyWithPrivateKey(key), state.IssuedAt, roots), null);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or NotSupportedException)
        {
            return (null, "is damaged: a certificate or key in it cannot be read");
        }
    }

    // An id is a UUID; whatever else stands in a document, it names no other folder.
    private static string FileId(string credentialId) =>
        Guid.TryParse(credentialId, out var id) ? id.ToString() : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(credentialId)))[..32];
}
