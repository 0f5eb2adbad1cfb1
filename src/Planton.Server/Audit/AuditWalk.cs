namespace Planton.Server.Audit;

/// <summary>Follows the chain, record by record.</summary>
internal sealed class AuditWalk
{
    private bool _chained;

    /// <summary>From the beginning; or from a place that is known, after which every record is chained.</summary>
    public AuditWalk(AuditPlace? from = null)
    {
        if (from is not null)
            (Sequence, Hash, _chained) = (from.Sequence, from.Hash, true);
    }

    /// <summary>How many records were sound.</summary>
    public long Records { get; private set; }

    /// <summary>The last sound record's.</summary>
    public long Sequence { get; private set; }

    public string Hash { get; private set; } = AuditHash.Genesis;

    /// <summary>Null when the record is as it was written and follows the one before it.</summary>
    public (long Sequence, string Reason)? Check(AuditRecordEntity record)
    {
        var expected = AuditHash.Of(Hash, record);
        // Records from before the trail was chained bear no hash, and may have gaps; the first one that does vouches for them all.
        if (record.Hash is null && _chained)
            return (record.Sequence, "it bears no hash: it was added from outside");
        if (record.Hash is not null && Sequence > 0 && record.Sequence != Sequence + 1)
            return (Sequence + 1, $"records {Sequence + 1} to {record.Sequence - 1} are missing");
        if (record.Hash is not null && record.Hash != expected)
            return (record.Sequence, _chained || record.Sequence == 1
                ? "its hash does not fit it: it was altered, or put in another's place"
                : "its hash does not fit it: it was altered, or one of those before it was altered or removed");
        _chained |= record.Hash is not null;
        (Records, Sequence, Hash) = (Records + 1, record.Sequence, expected);
        return null;
    }
}
