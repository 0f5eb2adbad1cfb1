using System.CommandLine;
using Planton.Cli.Invocation;
using Planton.Cli.Output;

namespace Planton.Cli.Organizations;

/// <summary><c>planton org list</c></summary>
internal sealed class OrganizationListCommand : ApiVerb
{
    private readonly Option<string> _output = OutputOption.Create();

    public OrganizationListCommand(VerbServices services)
        : base("list", "List the organizations that you are a member of", services)
    {
        Options.Add(_output);
        Examples = ["planton org list", "planton org list -o name"];
    }

    protected override async Task<int> RunAsync(CommandContext context, Session session, CancellationToken cancellationToken)
    {
        var list = await session.Api.ListOrganizationsAsync(cancellationToken).ConfigureAwait(false);
        return ResultPrinter.Print(
            context,
            OutputOption.Parse(context.Parsed.GetValue(_output)),
            list,
            CliJson.Readable.ListResponseOrganization,
            output => OrganizationCommand.WriteTable(output, list.Items ?? []),
            (list.Items ?? []).Select(organization => $"organization/{organization.Name}"));
    }
}
