using System.CommandLine;
using Planton.Cli.Invocation;
using Planton.Cli.Output;

namespace Planton.Cli.Organizations;

/// <summary><c>planton org get</c></summary>
internal sealed class OrganizationGetCommand : ApiVerb
{
    private readonly Argument<string> _name = OrganizationCommand.NameArgument();
    private readonly Option<string> _output = OutputOption.Create();

    public OrganizationGetCommand(VerbServices services)
        : base("get", "Show an organization", services)
    {
        Arguments.Add(_name);
        Options.Add(_output);
        Examples = ["planton org get acme -o yaml"];
    }

    protected override async Task<int> RunAsync(CommandContext context, Session session, CancellationToken cancellationToken)
    {
        var organization = await session.Api.GetOrganizationAsync(context.Parsed.GetRequiredValue(_name), cancellationToken).ConfigureAwait(false);
        return OrganizationCommand.Print(context, context.Parsed.GetValue(_output), organization);
    }
}
