using System.CommandLine;
using Planton.Cli.Invocation;
using Planton.Cli.Output;

namespace Planton.Cli.ServiceAccounts;

/// <summary><c>planton service-account create</c></summary>
internal sealed class ServiceAccountCreateCommand : OrganizationVerb
{
    private readonly Argument<string> _name = ServiceAccountCommand.NameArgument();
    private readonly Option<string?> _role = RoleOption.Create("Its role in the organization, at most your own (default: viewer)");
    private readonly Option<string> _output = OutputOption.Create();

    public ServiceAccountCreateCommand(VerbServices services)
        : base("create", "Make a service account, without keys yet", services)
    {
        Arguments.Add(_name);
        Options.Add(_role);
        Options.Add(_output);
        Examples = ["planton service-account create ci --role member"];
    }

    protected override async Task<int> RunAsync(CommandContext context, Session session, CancellationToken cancellationToken)
    {
        var account = await session.Api.CreateServiceAccountAsync(
            session.Organization, context.Parsed.GetRequiredValue(_name), context.Parsed.GetValue(_role), cancellationToken).ConfigureAwait(false);
        context.Say($"Made service account {account.Name} ({account.Role}). Next: planton service-account key create {account.Name}");
        return ServiceAccountCommand.Print(context, context.Parsed.GetValue(_output), account);
    }
}
