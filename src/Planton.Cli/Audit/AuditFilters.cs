using System.CommandLine;
using Planton.Api.Audit;
using Planton.Cli.Invocation;

namespace Planton.Cli.Audit;

/// <summary>Which records of the trail a command line asks for.</summary>
internal sealed class AuditFilters
{
    private readonly Option<string?> _since = AuditTime.CreateOption(
        "--since", "Recorded at this time or later: how long ago (90m, 7d), or a date (2026-03-04, 2026-03-04T05:06:07Z)");

    private readonly Option<string?> _until = AuditTime.CreateOption("--until", "Recorded before this time");
    private readonly Option<string?> _action = new("--action")
    {
        Description = "What was asked, such as runner.delete; a star at the end takes all that begin so: 'connection.*'",
        HelpName = "ACTION",
    };

    private readonly Option<string?> _actor = new("--actor") { Description = "Who asked: a name or an id", HelpName = "NAME" };

    private readonly Option<string?> _outcome = new Option<string?>("--outcome") { Description = "allowed, denied or failed", HelpName = "OUTCOME" }
        .AcceptOnlyFromAmong("allowed", "denied", "failed");

    private readonly Option<string?> _operation = new("--operation")
    {
        Description = "One operation's records, by the id that an error or Planton-Operation-Id tells",
        HelpName = "ID",
    };

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_since, _until, _action, _actor, _outcome, _operation])
            command.Options.Add(option);
    }

    public AuditQuery Read(CommandContext context)
    {
        var (parsed, clock) = (context.Parsed, context.Environment.Time);
        return new AuditQuery
        {
            Since = AuditTime.Read(parsed.GetValue(_since), clock),
            Until = AuditTime.Read(parsed.GetValue(_until), clock),
            Action = parsed.GetValue(_action),
            Actor = parsed.GetValue(_actor),
            Outcome = parsed.GetValue(_outcome),
            OperationId = parsed.GetValue(_operation),
        };
    }
}
