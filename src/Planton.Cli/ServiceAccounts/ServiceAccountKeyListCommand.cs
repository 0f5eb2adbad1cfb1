using System.CommandLine;
using Planton.Cli.ApiKeys;
using Planton.Cli.Invocation;
using Planton.Cli.Output;

namespace Planton.Cli.ServiceAccounts;

/// <summary><c>planton service-account key list</c></summary>
internal sealed class ServiceAccountKeyListCommand : OrganizationVerb
{
    private readonly Argument<string> _name = ServiceAccountCommand.NameArgument();
    private readonly Option<string> _output = OutputOption.Create();

    public ServiceAccountKeyListCommand(VerbServices services)
        : base("list", "List the keys of a service account, newest first", services)
    {
        Arguments.Add(_name);
        Options.Add(_output);
        Examples = ["planton service-account key list ci"];
    }

    protected override async Task<int> RunAsync(CommandContext context, Session session, CancellationToken cancellationToken)
    {
        var list = await session.Api.ListServiceAccountKeysAsync(session.Organization, context.Parsed.GetRequiredValue(_name), cancellationToken).ConfigureAwait(false);
        return ResultPrinter.Print(
            context,
            OutputOption.Parse(context.Parsed.GetValue(_output)),
            list,
            CliJson.Readable.ListResponseApiKey,
            output => ApiKeyOutput.WriteTable(output, list.Items ?? [], Environment.Time),
            (list.Items ?? []).Select(key => $"api-key/{key.Id}"));
    }
}
