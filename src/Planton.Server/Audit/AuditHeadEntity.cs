namespace Planton.Server.Audit;

/// <summary>
/// Where the trail ends, in one row, signed with a key that is not in the database: whoever can write to the database can neither
/// cut the trail's end off nor write it anew.
/// </summary>
internal sealed class AuditHeadEntity
{
    /// <summary>The only row's.</summary>
    public const int TheId = 1;

    public int Id { get; init; } = TheId;

    /// <summary>The last record's; 0 when there is none.</summary>
    public required long Sequence { get; init; }

    /// <summary>The last record's, in hex.</summary>
    public required string Hash { get; init; }

    /// <summary>HMAC-SHA256 of both, in hex.</summary>
    public required string Signature { get; init; }
}
