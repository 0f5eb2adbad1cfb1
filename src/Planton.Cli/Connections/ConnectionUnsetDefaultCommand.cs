using System.CommandLine;
using Planton.Cli.Completions;
using Planton.Cli.Environments;
using Planton.Cli.Invocation;

namespace Planton.Cli.Connections;

/// <summary><c>planton connection unset-default</c></summary>
internal sealed class ConnectionUnsetDefaultCommand : EnvironmentVerb
{
    private readonly Argument<string?> _name = NameCompletion.Offer(
        new Argument<string?>("NAME") { Description = "The connection's name (default: whichever is the default there)", Arity = ArgumentArity.ZeroOrOne },
        NameKind.Connection);

    public ConnectionUnsetDefaultCommand(VerbServices services)
        : base("unset-default", "Unset the default connection; an environment uses the organization's then", services)
    {
        Arguments.Add(_name);
        Examples = ["planton connection unset-default", "planton connection unset-default --env staging"];
    }

    protected override async Task<int> RunAsync(CommandContext context, Session session, CancellationToken cancellationToken)
    {
        var environment = EnvironmentOf(context, session);
        var name = context.Parsed.GetValue(_name);
        if (name is null)
        {
            var current = await session.Api.GetDefaultConnectionAsync(session.Organization, environment, cancellationToken).ConfigureAwait(false);
            if (current.Connection is null || current.Level != (environment is null ? "organization" : "environment"))
                return context.Fail(new CliError($"there is no default connection {Describe(session, environment)} itself", "planton connection get-default", ExitCode.NotFound));
            name = current.Connection;
        }

        await session.Api.UnsetDefaultConnectionAsync(session.Organization, name, environment, cancellationToken).ConfigureAwait(false);
        context.Say($"{name} is no longer the default connection {Describe(session, environment)}.");
        return ExitCode.Ok;
    }
}
