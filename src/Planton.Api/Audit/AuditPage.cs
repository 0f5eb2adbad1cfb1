namespace Planton.Api.Audit;

/// <summary>Some records of the audit trail.</summary>
/// <param name="Items">
/// Newest first; oldest first when the query named <see cref="AuditQuery.After"/>.
/// </param>
/// <param name="Next">
/// Where to go on: the value of <see cref="AuditQuery.Before"/> for older records, null when there are none; in a query that named
/// <see cref="AuditQuery.After"/>, the value of it for newer ones, always there, so that a follower can ask again.
/// </param>
public sealed record AuditPage(IReadOnlyList<AuditRecord> Items, long? Next);
