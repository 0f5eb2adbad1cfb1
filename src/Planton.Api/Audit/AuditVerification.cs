namespace Planton.Api.Audit;

/// <summary>Whether the audit trail is as it was written.</summary>
/// <param name="Records">How many records were checked.</param>
/// <param name="Ok">Whether nothing was altered, removed, added or moved.</param>
/// <param name="FirstBad">The sequence of the first record that is not as it was written, or is missing.</param>
/// <param name="Reason">What is wrong with it.</param>
/// <param name="Head">The hash of the last record: kept elsewhere, it shows later that nothing before it changed.</param>
public sealed record AuditVerification(long Records, bool Ok, long? FirstBad, string? Reason, string? Head);
