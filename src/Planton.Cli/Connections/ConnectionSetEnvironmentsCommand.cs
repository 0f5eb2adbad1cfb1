using System.CommandLine;
using Planton.Cli.Invocation;

namespace Planton.Cli.Connections;

/// <summary><c>planton connection set-environments</c></summary>
internal sealed class ConnectionSetEnvironmentsCommand : OrganizationVerb
{
    private readonly Argument<string> _name = ConnectionCommand.NameArgument();
    private readonly Option<string[]> _environments = ConnectionCommand.EnvironmentsOption();
    private readonly Option<bool> _all = new("--all") { Description = "All environments may use it, and requests for none" };

    public ConnectionSetEnvironmentsCommand(VerbServices services)
        : base("set-environments", "Say which environments may use a connection; from the next request on", services)
    {
        Arguments.Add(_name);
        Options.Add(_environments);
        Options.Add(_all);
        Validators.Add(result =>
        {
            if (result.GetValue(_all) == (result.GetValue(_environments) is { Length: > 0 }))
                result.AddError("Give either --environment ENV (one or more) or --all.");
        });
        Examples =
        [
            "planton connection set-environments prod --environment prod --environment staging",
            "planton connection set-environments prod --all",
        ];
    }

    protected override async Task<int> RunAsync(CommandContext context, Session session, CancellationToken cancellationToken)
    {
        var connection = await session.Api.SetConnectionEnvironmentsAsync(
            session.Organization, context.Parsed.GetRequiredValue(_name), context.Parsed.GetValue(_environments) ?? [], cancellationToken).ConfigureAwait(false);
        context.Say(connection.Environments is { Count: > 0 } environments
            ? $"Connection {connection.Name} may be used in {string.Join(", ", environments)} only."
            : $"Connection {connection.Name} may be used in all environments.");
        return ExitCode.Ok;
    }
}
