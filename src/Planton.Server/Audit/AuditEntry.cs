namespace Planton.Server.Audit;

/// <summary>What is to be recorded of one decision. Carries no secret: it is read by people who may not see them.</summary>
internal sealed record AuditEntry
{
    public required string OperationId { get; init; }

    public string? OrganizationId { get; init; }

    public required AuditActor Actor { get; init; }

    /// <summary>What is asked: one of <see cref="AuditAction"/>, or a feature's own (<c>noun.verb</c>).</summary>
    public required string Action { get; init; }

    /// <summary>What it is asked of: <c>runner/prod</c>, <c>connection/eks GET /api/v1/pods</c>.</summary>
    public required string Resource { get; init; }

    /// <summary>One of <see cref="AuditOutcome"/>.</summary>
    public required string Outcome { get; init; }

    /// <summary>The error code, when the outcome is not <see cref="AuditOutcome.Allowed"/>.</summary>
    public string? Code { get; init; }

    public string? Detail { get; init; }

    public string? SourceAddress { get; init; }
}
