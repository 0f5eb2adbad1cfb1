using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Planton.Tunnel.Identity;
using Planton.Tunnel.Tests.Fixtures;

namespace Planton.Tunnel.Tests.Identity;

/// <summary>Names of a certificate that were damaged at random: no identity, or one that is written in it letter by letter.</summary>
public sealed class CertificateFuzzTests
{
    private const int Rounds = 1_500;
    private const string SubjectAlternativeName = "2.5.29.17";
    private static readonly X500DistinguishedName Issuer = new("CN=x");

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void DamagedNames_AreNoIdentity_OrTheOneThatIsWritten(int seed) => DamageMany(seed);

    [Fact]
    public void WithASeedOfThisRunToo()
    {
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        DamageMany(seed);
    }

    private static void DamageMany(int seed)
    {
        var random = new Random(seed);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var publicKey = new PublicKey(key);
        var good = Names();
        var identities = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var names = Damage(good, random);
            var request = new CertificateRequest(Issuer, publicKey, HashAlgorithmName.SHA256);
            request.CertificateExtensions.Add(new X509Extension(SubjectAlternativeName, names, critical: false));
            using var certificate = request.Create(Issuer, new NoSignature(publicKey), DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(1), [1]);

            if (CertificateIdentity.Read(certificate) is not { } identity)
                continue;
            identities++;
            Assert.Contains(identity.ToString(), Encoding.Latin1.GetString(names), StringComparison.Ordinal);
            Assert.Equal(identity, RunnerIdentity.Parse(identity.ToString()));
        }

        // Letters of an id may change to other letters, so that some are left.
        Assert.InRange(identities, 1, Rounds - 1);
    }

    private static byte[] Names()
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("runner.example");
        names.AddUri(new Uri(TestRunner.Identity));
        return names.Build().RawData;
    }

    private static byte[] Damage(byte[] good, Random random)
    {
        var bytes = good.ToList();
        for (var change = random.Next(1, 4); change > 0; change--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(4))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    bytes.RemoveRange(at, random.Next(1, Math.Min(20, bytes.Count - at)));
                    break;
                default:
                    bytes.InsertRange(at, bytes.GetRange(at, random.Next(1, Math.Min(20, bytes.Count - at) + 1)));
                    break;
            }

            if (bytes.Count < 4)
                return good;
        }

        return [.. bytes];
    }

    /// <summary>Reading names checks no signature, and to sign would take most of the time.</summary>
    private sealed class NoSignature(PublicKey key) : X509SignatureGenerator
    {
        // ecdsa-with-SHA256
        public override byte[] GetSignatureAlgorithmIdentifier(HashAlgorithmName hashAlgorithm) => Convert.FromHexString("300A06082A8648CE3D040302");

        public override byte[] SignData(byte[] data, HashAlgorithmName hashAlgorithm) => [0x30, 0x06, 0x02, 0x01, 0x01, 0x02, 0x01, 0x01];

        protected override PublicKey BuildPublicKey() => key;
    }
}
