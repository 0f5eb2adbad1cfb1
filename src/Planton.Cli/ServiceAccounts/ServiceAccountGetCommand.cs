using System.CommandLine;
using Planton.Cli.Invocation;
using Planton.Cli.Output;

namespace Planton.Cli.ServiceAccounts;

/// <summary><c>planton service-account get</c></summary>
internal sealed class ServiceAccountGetCommand : OrganizationVerb
{
    private readonly Argument<string> _name = ServiceAccountCommand.NameArgument();
    private readonly Option<string> _output = OutputOption.Create();

    public ServiceAccountGetCommand(VerbServices services)
        : base("get", "Show a service account", services)
    {
        Arguments.Add(_name);
        Options.Add(_output);
        Examples = ["planton service-account get ci -o yaml"];
    }

    protected override async Task<int> RunAsync(CommandContext context, Session session, CancellationToken cancellationToken)
    {
        var account = await session.Api.GetServiceAccountAsync(session.Organization, context.Parsed.GetRequiredValue(_name), cancellationToken).ConfigureAwait(false);
        return ServiceAccountCommand.Print(context, context.Parsed.GetValue(_output), account);
    }
}
