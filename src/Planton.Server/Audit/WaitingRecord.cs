namespace Planton.Server.Audit;

/// <summary>A record on its way to the disk. Who writes it and who waits for it are seldom the same.</summary>
internal sealed class WaitingRecord(AuditRecordEntity entity, string? owner)
{
    private volatile bool _withdrawn;
    private volatile bool _ended;

    public AuditRecordEntity Entity { get; } = entity;

    /// <summary>Whose backlog it is in: see <see cref="AuditBacklog"/>.</summary>
    public string? Owner { get; } = owner;

    /// <summary>Its caller went away before it was written. It may be written all the same when that comes too late.</summary>
    public bool Withdrawn => _withdrawn;

    /// <summary>On disk, or failed: see <see cref="Failure"/>, which is set before.</summary>
    public bool Ended
    {
        get => _ended;
        set => _ended = value;
    }

    public Exception? Failure { get; set; }

    public void Withdraw() => _withdrawn = true;
}
