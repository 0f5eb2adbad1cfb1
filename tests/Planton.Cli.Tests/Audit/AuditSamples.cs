using Planton.Api.Audit;
using Planton.Cli.Tests.Support;

namespace Planton.Cli.Tests.Audit;

internal static class AuditSamples
{
    public const string OfOrganization = "/api/v1/organizations/acme/audit";
    public const string OfPlatform = "/api/v1/platform/audit";
    public const string Verify = "/api/v1/platform/audit/verify";

    public static AuditRecord Record(long sequence) => new()
    {
        Sequence = sequence,
        Time = CliHarness.Now.AddMinutes(sequence),
        OperationId = $"op-{sequence}",
        OrganizationId = "id-acme",
        Actor = new AuditActor("user", "u1", "ada", "k1"),
        Action = "connection.create",
        Resource = "connection/prod",
        Outcome = "allowed",
        SourceAddress = "192.0.2.7",
        Hash = new string('a', 64),
    };

    public static AuditRecord Denied(long sequence) => Record(sequence) with
    {
        Action = "runner.delete",
        Resource = "runner/prod",
        Outcome = "denied",
        Code = "permission_denied",
        Detail = "ada is viewer",
        SourceAddress = null,
    };

    /// <summary>Records <paramref name="newest"/> down to <paramref name="oldest"/>.</summary>
    public static AuditPage Page(long newest, long oldest, long? next = null) =>
        new([.. Enumerable.Range(0, (int)(newest - oldest + 1)).Select(i => Record(newest - i))], next);
}
