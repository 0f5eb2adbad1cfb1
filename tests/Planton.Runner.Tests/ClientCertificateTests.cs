using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Planton.Runner.Providers.Kubernetes;
using Planton.Runner.Providers.Kubernetes.Authentication;

namespace Planton.Runner.Tests;

/// <summary>The forms of client certificates' keys.</summary>
public sealed class ClientCertificateTests : IDisposable
{
    // Of a key that nobody has: openssl req -x509 -newkey ed25519.
    private const string Ed25519 = """
        -----BEGIN CERTIFICATE-----
        MIIBLDCB36ADAgECAhRzNEG7NPMaysvulpqFqQcvuYoLsjAFBgMrZXAwDDEKMAgG
        A1UEAwwBeDAeFw0yNjExMjgwOTE0MjlaFw0zNjExMjUwOTE0MjlaMAwxCjAIBgNV
        BAMMAXgwKjAFBgMrZXADIQBgCRPHFPCrccVAYZ8E/s7j47RAKU9gni8X4lucaE2n
        0aNTMFEwHQYDVR0OBBYEFFBTuOqPrkkPKuqWpAhRmehJi10RMB8GA1UdIwQYMBaA
        FFBTuOqPrkkPKuqWpAhRmehJi10RMA8GA1UdEwEB/wQFMAMBAf8wBQYDK2VwA0EA
        u5Vov5Y6cH//XF4Jn3n8sNgK4Vo2AL8LCJWgUacnV7noTviTFNbodIXxTnCWyeET
        ghgMsuTHxmSzMMVRLW5pAg==
        -----END CERTIFICATE-----
        """;

    private readonly RSA _rsa = RSA.Create(2048);
    private readonly ECDsa _ec = ECDsa.Create(ECCurve.NamedCurves.nistP384);

    public void Dispose()
    {
        _rsa.Dispose();
        _ec.Dispose();
    }

    [Fact]
    public void EveryFormIsRead()
    {
        var (rsa, ec) = (Certificate(_rsa), Certificate(_ec));
        (string Certificate, string Key)[] forms =
        [
            (rsa, _rsa.ExportPkcs8PrivateKeyPem()),
            (rsa, _rsa.ExportRSAPrivateKeyPem()),
            (ec, _ec.ExportPkcs8PrivateKeyPem()),
            (ec, _ec.ExportECPrivateKeyPem()),
            // As openssl ecparam -genkey writes it.
            (ec, $"-----BEGIN EC PARAMETERS-----\nBgUrgQQAIg==\n-----END EC PARAMETERS-----\n{_ec.ExportECPrivateKeyPem()}"),
            // Beside its certificate, and with the label of another form.
            (rsa, rsa + "\n" + _rsa.ExportPkcs8PrivateKeyPem()),
            (rsa, PemEncoding.WriteString("RSA PRIVATE KEY", _rsa.ExportPkcs8PrivateKey())),
            (ec, PemEncoding.WriteString("PRIVATE KEY", _ec.ExportECPrivateKey())),
            (ec, "subject=CN = x\r\n" + _ec.ExportECPrivateKeyPem().ReplaceLineEndings("\r\n")),
        ];

        foreach (var (certificate, key) in forms)
        {
            var read = Read(certificate, key);
            Assert.True(read.Fault is null, $"{key.Split('\n')[0]}: {read.Fault}");
            Assert.True(read.Value!.Context.TargetCertificate.HasPrivateKey);
            read.Value.Dispose();
        }
    }

    [Fact]
    public void AnEncryptedKey_IsSaidToBeOne()
    {
        var parameters = new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000);
        string[] encrypted =
        [
            _ec.ExportEncryptedPkcs8PrivateKeyPem("password", parameters),
            "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nbm90LWZvci15b3U=\n-----END RSA PRIVATE KEY-----\n",
        ];

        foreach (var key in encrypted)
        {
            var fault = Read(Certificate(_ec), key).Fault!;
            Assert.Equal("the client key of context 'x' is encrypted, and nobody is there to be asked for its password", fault.What);
            Assert.Contains("openssl pkey", fault.Advice, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void AnEd25519Key_IsNamed_WithWhatToUseInstead()
    {
        var fault = Read(Ed25519.Replace("        ", "", StringComparison.Ordinal), _ec.ExportPkcs8PrivateKeyPem()).Fault!;

        Assert.Equal("the client certificate of context 'x' has an Ed25519 key, with which the runner cannot log in by TLS", fault.What);
        Assert.Equal("Use one with an ECDSA (P-256) or RSA key", fault.Advice);
    }

    [Fact]
    public void WhatDoesNotBelongTogether_OrIsNoKey_IsOneFault()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        foreach (var key in new[] { other.ExportPkcs8PrivateKeyPem(), _rsa.ExportPkcs8PrivateKeyPem(), "nothing", Certificate(_ec), "" })
            Assert.Contains("cannot be read or do not belong together", Read(Certificate(_ec), key).Fault!.What, StringComparison.Ordinal);
    }

    private static TargetAttempt<ClientCertificate> Read(string certificate, string key) => ClientCertificate.Read(certificate, key, "context 'x'");

    private static string Certificate(RSA key) => SelfSigned(new CertificateRequest("CN=x", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));

    private static string Certificate(ECDsa key) => SelfSigned(new CertificateRequest("CN=x", key, HashAlgorithmName.SHA256));

    private static string SelfSigned(CertificateRequest request)
    {
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddHours(-1), now.AddHours(1));
        return certificate.ExportCertificatePem();
    }
}
