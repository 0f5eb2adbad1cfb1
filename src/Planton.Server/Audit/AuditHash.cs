using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Planton.Server.Audit;

/// <summary>
/// The hash of a record: SHA-256 over a tag, the hash before it, and its fields. Part of what is stored for ever: a change of it
/// needs a new tag, and records hashed under the old one are still verified by it.
/// </summary>
internal static class AuditHash
{
    public const int HexLength = 2 * SHA256.HashSizeInBytes;

    private const string Tag = "planton-audit-1\n";
    private const int Null = -1;

    /// <summary>What comes before the first record.</summary>
    public static string Genesis { get; } = new('0', HexLength);

    public static string Of(string previous, AuditRecordEntity record)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.ASCII.GetBytes(Tag));
        hash.AppendData(Convert.FromHexString(previous));
        foreach (var field in Fields(record))
            Append(hash, field);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    // The order is fixed. A length before each field: no two records have the same bytes.
    private static string?[] Fields(AuditRecordEntity record) =>
    [
        record.Sequence.ToString(CultureInfo.InvariantCulture),
        record.Time.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture),
        record.OperationId,
        record.OrganizationId,
        record.ActorKind,
        record.ActorId,
        record.ActorName,
        record.ApiKeyId,
        record.Action,
        record.Resource,
        record.Outcome,
        record.Code,
        record.Detail,
        record.SourceAddress,
    ];

    private static void Append(IncrementalHash hash, string? field)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        var bytes = field is null ? [] : Encoding.UTF8.GetBytes(field);
        BinaryPrimitives.WriteInt32BigEndian(length, field is null ? Null : bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }
}
