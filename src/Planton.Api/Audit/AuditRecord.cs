namespace Planton.Api.Audit;

/// <summary>One decision, as it was recorded.</summary>
public sealed record AuditRecord
{
    /// <summary>Its place in the trail of this control plane; the next record's is one more.</summary>
    public required long Sequence { get; init; }

    /// <summary>When it was recorded, UTC.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The id that the client got in <c>Planton-Operation-Id</c>.</summary>
    public required string OperationId { get; init; }

    /// <summary>The organization's id; null for what belongs to none.</summary>
    public string? OrganizationId { get; init; }

    /// <summary>Who asked.</summary>
    public required AuditActor Actor { get; init; }

    /// <summary>What was asked: <c>connection.create</c>, <c>kubernetes.proxy</c>.</summary>
    public required string Action { get; init; }

    /// <summary>What it was asked of: <c>runner/prod</c>.</summary>
    public required string Resource { get; init; }

    /// <summary><c>allowed</c>, <c>denied</c> or <c>failed</c>.</summary>
    public required string Outcome { get; init; }

    /// <summary>The error code of a denial or failure.</summary>
    public string? Code { get; init; }

    /// <summary>More, for people.</summary>
    public string? Detail { get; init; }

    /// <summary>Where the request came from.</summary>
    public string? SourceAddress { get; init; }

    /// <summary>The SHA-256 of the record and of the one before it, in hex; null for records from before the trail was chained.</summary>
    public string? Hash { get; init; }
}
