using System.CommandLine;
using Planton.Cli.Environments;
using Planton.Cli.Invocation;
using Planton.Cli.Output;

namespace Planton.Cli.Secrets;

/// <summary><c>planton secret list</c></summary>
internal sealed class SecretListCommand : EnvironmentVerb
{
    private readonly Option<string> _output = OutputOption.Create();

    public SecretListCommand(VerbServices services)
        : base("list", "List secrets without values: an environment's, or all of the organization's", services)
    {
        Options.Add(_output);
        Examples = ["planton secret list", "planton secret list --env staging -o name"];
    }

    protected override async Task<int> RunAsync(CommandContext context, Session session, CancellationToken cancellationToken)
    {
        var list = await session.Api.ListSecretsAsync(session.Organization, EnvironmentOf(context, session), cancellationToken).ConfigureAwait(false);
        return ResultPrinter.Print(
            context,
            OutputOption.Parse(context.Parsed.GetValue(_output)),
            list,
            CliJson.Readable.ListResponseSecret,
            output => SecretCommand.WriteTable(output, list.Items ?? [], Environment.Time),
            (list.Items ?? []).Select(secret => $"secret/{secret.Name}"));
    }
}
