using System.CommandLine;
using Planton.Cli.Invocation;
using Planton.Cli.Output;

namespace Planton.Cli.Organizations;

/// <summary><c>planton org create</c></summary>
internal sealed class OrganizationCreateCommand : ApiVerb
{
    private readonly Argument<string> _name = OrganizationCommand.NameArgument();
    private readonly Option<string> _output = OutputOption.Create();

    public OrganizationCreateCommand(VerbServices services)
        : base("create", "Create an organization, owned by you (platform operators only, unless the server is set to --organizations open)", services)
    {
        Arguments.Add(_name);
        Options.Add(_output);
        Examples = ["planton org create acme"];
    }

    protected override async Task<int> RunAsync(CommandContext context, Session session, CancellationToken cancellationToken)
    {
        var organization = await session.Api.CreateOrganizationAsync(context.Parsed.GetRequiredValue(_name), cancellationToken).ConfigureAwait(false);
        return OrganizationCommand.Print(context, context.Parsed.GetValue(_output), organization);
    }
}
