using System.Security.Cryptography;
using System.Text;
using Planton.Server.Audit;

namespace Planton.Server.Tests.Audit;

public sealed class AuditHashTests
{
    [Fact]
    public void TheHashIsOverTheDocumentedBytes()
    {
        var record = new AuditRecordEntity
        {
            Sequence = 7, Time = DateTimeOffset.FromUnixTimeMilliseconds(1234), OperationId = "o", ActorKind = "user", ActorId = "1",
            ActorName = "kim", Action = "a.b", Resource = "ä", Outcome = "allowed",
        };
        using var bytes = new MemoryStream();
        bytes.Write("planton-audit-1\n"u8);
        bytes.Write(new byte[32]);
        foreach (var field in new[] { "7", "1234", "o", null, "user", "1", "kim", null, "a.b", "ä", "allowed", null, null, null })
        {
            var text = field is null ? [] : Encoding.UTF8.GetBytes(field);
            bytes.Write(field is null ? [255, 255, 255, 255] : [0, 0, 0, (byte)text.Length]);
            bytes.Write(text);
        }

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes.ToArray())), AuditHash.Of(AuditHash.Genesis, record));
    }
}
