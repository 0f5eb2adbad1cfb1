using System.CommandLine;
using Planton.Cli.Invocation;

namespace Planton.Cli.Connections;

/// <summary><c>planton connection delete</c></summary>
internal sealed class ConnectionDeleteCommand : OrganizationVerb
{
    private const string Lost = "What runs through it is cut, requests fail from then on, kubeconfigs that name it are of no use, and credentials that it brought are deleted. The target itself is left alone.";

    private readonly Argument<string> _name = ConnectionCommand.NameArgument();
    private readonly Option<bool> _yes = Confirmation.CreateOption();

    public ConnectionDeleteCommand(VerbServices services)
        : base("delete", "Remove a connection and the credentials it brought; what runs over it is cut, the target itself is left alone", services)
    {
        Arguments.Add(_name);
        Options.Add(_yes);
        Examples = ["planton connection delete staging --yes"];
    }

    protected override async Task<int> RunAsync(CommandContext context, Session session, CancellationToken cancellationToken)
    {
        var name = context.Parsed.GetRequiredValue(_name);
        if (await Confirmation.AskAsync(context, context.Parsed.GetValue(_yes), Lost, $"Delete connection {name}?", cancellationToken).ConfigureAwait(false) is { } refusal)
            return context.Fail(refusal);
        await session.Api.DeleteConnectionAsync(session.Organization, name, cancellationToken).ConfigureAwait(false);
        context.Say($"Deleted connection {name}.");
        return ExitCode.Ok;
    }
}
