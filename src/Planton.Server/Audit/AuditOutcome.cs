namespace Planton.Server.Audit;

internal static class AuditOutcome
{
    /// <summary>The decision was to do it. Written before it is done.</summary>
    public const string Allowed = "allowed";

    /// <summary>The decision was not to.</summary>
    public const string Denied = "denied";

    /// <summary>It was allowed, and did not succeed.</summary>
    public const string Failed = "failed";
}
