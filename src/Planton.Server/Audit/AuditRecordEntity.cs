namespace Planton.Server.Audit;

/// <summary>One decision, as it was recorded. Only ever added: the database itself refuses changes.</summary>
internal sealed class AuditRecordEntity
{
    /// <summary>Its place in the trail: given when it is written, one more than the last.</summary>
    public long Sequence { get; set; }

    public required DateTimeOffset Time { get; init; }

    public required string OperationId { get; init; }

    public string? OrganizationId { get; init; }

    /// <summary><c>user</c>, <c>service-account</c>, <c>runner</c>, <c>system</c> or <c>anonymous</c>.</summary>
    public required string ActorKind { get; init; }

    public required string ActorId { get; init; }

    public required string ActorName { get; init; }

    public string? ApiKeyId { get; init; }

    /// <summary>One of <see cref="AuditAction"/>, or a feature's own: <c>noun.verb</c>.</summary>
    public required string Action { get; init; }

    public required string Resource { get; init; }

    /// <summary>One of <see cref="AuditOutcome"/>.</summary>
    public required string Outcome { get; init; }

    /// <summary>The error code of a denial or failure.</summary>
    public string? Code { get; init; }

    public string? Detail { get; init; }

    public string? SourceAddress { get; init; }

    /// <summary>See <see cref="AuditHash"/>; null for records from before the trail was chained.</summary>
    public string? Hash { get; set; }
}
