using System.CommandLine;
using System.Globalization;
using Planton.Api.Credentials;
using Planton.Cli.Invocation;
using Planton.Cli.Output;
using Planton.Cli.Runners;

namespace Planton.Cli.Credentials;

/// <summary><c>planton runner credentials list</c></summary>
internal sealed class CredentialsListCommand : RunnerVerb
{
    private readonly Argument<string> _name = RunnerCommand.NameArgument();
    private readonly Option<string> _output = OutputOption.Create();

    public CredentialsListCommand(VerbServices services)
        : base("list", "List a runner's credentials, newest first, and what they are used for now", services)
    {
        Arguments.Add(_name);
        Options.Add(_output);
        Examples = ["planton runner credentials list prod-runner", "planton runner credentials list prod-runner -o json"];
    }

    protected override async Task<int> RunAsync(CommandContext context, Session session, CancellationToken cancellationToken)
    {
        var list = await session.Api.ListCredentialsAsync(Owner(context, session), context.Parsed.GetRequiredValue(_name), cancellationToken).ConfigureAwait(false);
        return ResultPrinter.Print(
            context,
            OutputOption.Parse(context.Parsed.GetValue(_output)),
            list,
            CliJson.Readable.ListResponseRunnerCredential,
            output => WriteTable(output, list.Items ?? [], Environment.Time),
            (list.Items ?? []).Select(credential => $"credential/{credential.Id}"));
    }

    private static void WriteTable(TextWriter output, IEnumerable<RunnerCredential> credentials, TimeProvider clock)
    {
        var table = new TextTable("ID", "STATE", "CREATED", "BY", "EXPIRES", "RENEWED", "LAST USED", "TUNNELS", "API KEY", "CERTIFICATE");
        foreach (var credential in credentials)
            table.Add(
                credential.Id,
                State(credential, clock),
                Times.Ago(credential.CreatedAt, clock),
                credential.CreatedBy?.Name,
                Times.Utc(credential.ExpiresAt),
                credential.RenewedAt is null ? "never" : Times.Ago(credential.RenewedAt, clock),
                credential.LastUsedAt is null ? "never" : Times.Ago(credential.LastUsedAt, clock),
                credential.Connected.ToString(CultureInfo.InvariantCulture),
                credential.ApiKeyId,
                credential.CertificateSerial);
        table.Write(output);
    }

    private static string State(RunnerCredential credential, TimeProvider clock)
    {
        if (credential.RevokedAt is not null)
            return $"revoked {Times.Ago(credential.RevokedAt, clock)} ago{(credential.RevokedBy is { } actor ? $" by {actor.Name}" : "")}";
        return credential.ExpiresAt <= clock.GetUtcNow() ? "expired" : "valid";
    }
}
