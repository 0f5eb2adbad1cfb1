using System.CommandLine;
using Planton.Cli.Invocation;
using Planton.Cli.Output;

namespace Planton.Cli.ServiceAccounts;

/// <summary><c>planton service-account list</c></summary>
internal sealed class ServiceAccountListCommand : OrganizationVerb
{
    private readonly Option<string> _output = OutputOption.Create();

    public ServiceAccountListCommand(VerbServices services)
        : base("list", "List the organization's service accounts, those of its runners too", services)
    {
        Options.Add(_output);
        Examples = ["planton service-account list", "planton service-account list -o name"];
    }

    protected override async Task<int> RunAsync(CommandContext context, Session session, CancellationToken cancellationToken)
    {
        var list = await session.Api.ListServiceAccountsAsync(session.Organization, cancellationToken).ConfigureAwait(false);
        return ResultPrinter.Print(
            context,
            OutputOption.Parse(context.Parsed.GetValue(_output)),
            list,
            CliJson.Readable.ListResponseServiceAccount,
            output => ServiceAccountCommand.WriteTable(output, list.Items ?? [], Environment.Time),
            (list.Items ?? []).Select(account => $"service-account/{account.Name}"));
    }
}
