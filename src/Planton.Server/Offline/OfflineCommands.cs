using System.CommandLine;

namespace Planton.Server.Offline;

/// <summary>What <c>planton-server</c> can do beside serving.</summary>
internal static class OfflineCommands
{
    public static IEnumerable<Command> Make(TextWriter errors, Func<string, string?> environment)
    {
        var verify = new OfflineCommand(
            "verify", AuditVerifyCommand.Description, errors, environment,
            (options, cancellationToken) => AuditVerifyCommand.RunAsync(options, Console.Out, cancellationToken));
        yield return new Command("audit", "Looks after the audit trail of a stopped server") { verify.Command };
    }
}
