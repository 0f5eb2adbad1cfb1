using System.Globalization;
using System.Text;

namespace Planton.Server.Audit;

/// <summary>A place in the trail.</summary>
/// <param name="Sequence">The record's; 0 before the first one.</param>
/// <param name="Hash">The record's, which vouches for every record before it, in hex.</param>
internal sealed record AuditPlace(long Sequence, string Hash)
{
    public static AuditPlace Of(AuditHeadEntity head) => new(head.Sequence, head.Hash);

    public static AuditPlace? Parse(ReadOnlySpan<byte> text) =>
        Encoding.ASCII.GetString(text).Split('\n') is [var sequence, { Length: AuditHash.HexLength } hash]
        && long.TryParse(sequence, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new AuditPlace(number, hash)
            : null;

    public byte[] ToBytes() => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Sequence}\n{Hash}"));
}
