using System.CommandLine;
using Planton.Cli.Invocation;
using Planton.Cli.Output;

namespace Planton.Cli.Environments;

/// <summary><c>planton environment list</c></summary>
internal sealed class EnvironmentListCommand : OrganizationVerb
{
    private readonly Option<string> _output = OutputOption.Create();

    public EnvironmentListCommand(VerbServices services)
        : base("list", "List the organization's environments", services)
    {
        Options.Add(_output);
        Examples = ["planton environment list", "planton environment list -o name"];
    }

    protected override async Task<int> RunAsync(CommandContext context, Session session, CancellationToken cancellationToken)
    {
        var list = await session.Api.ListEnvironmentsAsync(session.Organization, cancellationToken).ConfigureAwait(false);
        return ResultPrinter.Print(
            context,
            OutputOption.Parse(context.Parsed.GetValue(_output)),
            list,
            CliJson.Readable.ListResponseOrganizationEnvironment,
            output => EnvironmentCommand.WriteTable(output, list.Items ?? [], Environment.Time),
            (list.Items ?? []).Select(environment => $"environment/{environment.Name}"));
    }
}
