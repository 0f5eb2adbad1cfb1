using System.CommandLine;
using System.Globalization;
using Planton.Api.Audit;
using Planton.Cli.Invocation;
using Planton.Cli.Output;

namespace Planton.Cli.Audit;

/// <summary><c>planton audit verify</c></summary>
internal sealed class AuditVerifyCommand : ApiVerb
{
    private readonly Option<string> _output = OutputOption.CreateWithoutNames();

    public AuditVerifyCommand(VerbServices services)
        : base("verify", "Check that no audit record of this control plane was altered, removed, added or moved; takes the platform operator", services)
    {
        Options.Add(_output);
        Examples = ["planton audit verify", "planton audit verify -o json >> heads.json"];
    }

    protected override async Task<int> RunAsync(CommandContext context, Session session, CancellationToken cancellationToken)
    {
        var result = await session.Api.VerifyAuditAsync(cancellationToken).ConfigureAwait(false);
        ResultPrinter.Print(context, OutputOption.Parse(context.Parsed.GetValue(_output)), result, CliJson.Readable.AuditVerification, output => Write(output, result));
        return result.Ok ? ExitCode.Ok : context.Fail(new CliError(
            $"the audit trail is not as it was written{(result.FirstBad is { } bad ? string.Create(CultureInfo.InvariantCulture, $": record {bad}") : "")}: {result.Reason}",
            "Keep the database as it is, and compare it with a back-up: planton-server audit verify checks one without a server."));
    }

    private static void Write(TextWriter output, AuditVerification result)
    {
        var table = new TextTable("OK", "RECORDS", "FIRST BAD", "HEAD");
        table.Add(result.Ok ? "yes" : "no", result.Records.ToString(CultureInfo.InvariantCulture), result.FirstBad?.ToString(CultureInfo.InvariantCulture), result.Head);
        table.Write(output);
    }
}
