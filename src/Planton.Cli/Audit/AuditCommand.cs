using System.CommandLine;
using Planton.Cli.Invocation;

namespace Planton.Cli.Audit;

internal static class AuditCommand
{
    public static Command Create(VerbServices services) => new("audit", "Read the audit trail, and check that it is as it was written")
    {
        new AuditListCommand(services),
        new AuditVerifyCommand(services),
    };
}
