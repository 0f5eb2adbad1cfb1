using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Planton.Server.Encryption;

namespace Planton.Server.Audit;

/// <summary>Signs where the trail ends.</summary>
internal sealed class AuditHeadSigner(MasterKey masterKey)
{
    private readonly byte[] _key = masterKey.Derive("audit-head");

    public AuditHeadEntity Sign(long sequence, string hash) =>
        new() { Sequence = sequence, Hash = hash, Signature = Convert.ToHexStringLower(Compute(sequence, hash)) };

    public bool IsGenuine(AuditHeadEntity head)
    {
        var expected = Convert.ToHexStringLower(Compute(head.Sequence, head.Hash));
        return CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(expected), Encoding.ASCII.GetBytes(head.Signature));
    }

    private byte[] Compute(long sequence, string hash) =>
        HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"planton-audit-head-1\n{sequence}\n{hash}")));
}
