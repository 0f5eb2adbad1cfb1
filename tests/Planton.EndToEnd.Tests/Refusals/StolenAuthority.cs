using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Data.Sqlite;
using Planton.Server.Encryption;

namespace Planton.EndToEnd.Tests.Refusals;

/// <summary>
/// The authority's own key, opened with database and master key as only whoever holds the whole data folder could: it makes
/// certificates that are right in all but one way.
/// </summary>
internal sealed class StolenAuthority : IDisposable
{
    private const string KeyPurpose = "certificate-authority-key";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    private readonly X509Certificate2 _authority;

    private StolenAuthority(string trustDomain, X509Certificate2 authority) => (TrustDomain, _authority) = (trustDomain, authority);

    public string TrustDomain { get; }

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public static StolenAuthority Open(string data)
    {
        var masterKey = new MasterKey(Convert.FromBase64String(File.ReadAllText(Path.Combine(data, "master-key")).Trim()));
        using var database = new SqliteConnection($"Data Source={Path.Combine(data, "planton.db")};Mode=ReadOnly;Pooling=False");
        database.Open();
        using var query = database.CreateCommand();
        query.CommandText = "SELECT TrustDomain, Certificate, SealedKey FROM certificate_authorities";
        using var row = query.ExecuteReader();
        Assert.True(row.Read());
        Assert.True(masterKey.TryOpen(KeyPurpose, (byte[])row["SealedKey"], out var plain));
        using var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(plain, out _);
        using var certificate = X509CertificateLoader.LoadCertificate((byte[])row["Certificate"]);
        return new StolenAuthority((string)row["TrustDomain"], certificate.CopyWithPrivateKey(key));
    }

    /// <summary>A runner's certificate with its key; with a lifetime of <paramref name="days"/>, which may have passed.</summary>
    public X509Certificate2 Issue(string uri, int days = 1, string usage = ClientAuthentication)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=runner", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], false));
        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri(uri));
        request.CertificateExtensions.Add(names.Build());
        // An authority certifies no time before its own, by which it would be younger than what it signed.
        var ends = days > 0 ? Now.AddDays(days) : Now.AddSeconds(-1);
        var begins = new DateTimeOffset(_authority.NotBefore);
        using var certificate = request.Create(_authority, begins, ends, RandomNumberGenerator.GetBytes(12));
        return certificate.CopyWithPrivateKey(key);
    }

    public void Dispose() => _authority.Dispose();
}
