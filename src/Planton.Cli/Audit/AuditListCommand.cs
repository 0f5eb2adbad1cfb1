using System.CommandLine;
using System.Globalization;
using Planton.Cli.Invocation;
using Planton.Cli.Output;

namespace Planton.Cli.Audit;

/// <summary><c>planton audit list</c></summary>
internal sealed class AuditListCommand : ApiVerb
{
    private const int MaxRecords = 10_000;

    private readonly AuditFilters _filters = new();
    private readonly Option<int> _limit = new("--limit")
    {
        Description = $"How many at most, 1 to {MaxRecords}; with --follow, how many to begin with",
        HelpName = "N",
        DefaultValueFactory = _ => 100,
        CustomParser = result =>
        {
            if (int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= MaxRecords)
                return limit;
            result.AddError($"--limit: write a number from 1 to {MaxRecords}.");
            return 0;
        },
    };

    private readonly Option<bool> _follow = new("--follow", "-f")
    {
        Description = "Oldest first, and go on with what is recorded, until Ctrl-C; json is one record a line then",
    };

    private readonly Option<bool> _platform = new("--platform") { Description = "The records of all organizations and of none; takes the platform operator" };
    private readonly Option<string> _output = OutputOption.CreateWithoutNames();

    public AuditListCommand(VerbServices services)
        : base("list", "List the organization's audit records, newest first: who asked what, and whether it was allowed", services)
    {
        _filters.AddTo(this);
        Options.Add(_limit);
        Options.Add(_follow);
        Options.Add(_platform);
        Options.Add(_output);
        Examples =
        [
            "planton audit list --since 24h --outcome denied",
            "planton audit list --action 'runner.*' --actor ada --limit 20",
            "planton audit list --operation 01a207f8-893c-7cda-87fa-de3044935fb1 -o yaml",
            "planton audit list --follow -o json | jq 'select(.outcome == \"denied\")'",
            "planton audit list --platform --since 2026-03-01 --until 2026-04-01 --limit 10000 -o json",
        ];
    }

    protected override bool NeedsOrganization(CommandContext context) => !context.Parsed.GetValue(_platform);

    protected override async Task<int> RunAsync(CommandContext context, Session session, CancellationToken cancellationToken)
    {
        var query = _filters.Read(context);
        var follow = context.Parsed.GetValue(_follow);
        if (follow && query.Until is not null)
            return context.Fail(CliError.Usage("--follow goes on without end, and --until names one", "Leave one of them out."));
        var trail = new AuditTrail(session.Api, context.Parsed.GetValue(_platform) ? null : session.Organization, query);
        var newest = await trail.ReadNewestAsync(context.Parsed.GetValue(_limit), cancellationToken).ConfigureAwait(false);
        var format = OutputOption.Parse(context.Parsed.GetValue(_output));
        if (!follow)
            return ResultPrinter.Print(context, format, newest, CliJson.Readable.AuditPage, output => AuditTable.Write(output, newest.Items));

        var stream = new AuditStream(context, format, newest.Items);
        await stream.WriteAsync(newest.Items.Reverse(), cancellationToken).ConfigureAwait(false);
        await foreach (var records in trail.FollowAsync(newest, context, cancellationToken).ConfigureAwait(false))
            await stream.WriteAsync(records, cancellationToken).ConfigureAwait(false);
        return ExitCode.Ok;
    }
}
