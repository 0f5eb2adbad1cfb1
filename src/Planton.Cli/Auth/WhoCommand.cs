using System.CommandLine;
using Planton.Cli.Invocation;
using Planton.Cli.Output;

namespace Planton.Cli.Auth;

/// <summary><c>planton auth who</c></summary>
internal sealed class WhoCommand : ApiVerb
{
    private readonly Option<string> _output = OutputOption.Create();

    public WhoCommand(VerbServices services)
        : base("who", "Show who the control plane takes you for", services)
    {
        Options.Add(_output);
        Examples = ["planton auth who", "planton auth who -o json"];
    }

    protected override async Task<int> RunAsync(CommandContext context, Session session, CancellationToken cancellationToken)
    {
        var caller = await session.Api.GetCallerAsync(cancellationToken).ConfigureAwait(false);
        return ResultPrinter.Print(
            context,
            OutputOption.Parse(context.Parsed.GetValue(_output)),
            caller,
            CliJson.Readable.Caller,
            output =>
            {
                var table = new TextTable("NAME", "KIND", "SERVER", "API KEY", "PLATFORM OPERATOR");
                table.Add(caller.Name, caller.Kind, session.Server.AbsoluteUri.TrimEnd('/'), caller.ApiKeyId, caller.PlatformOperator ? "yes" : "no");
                table.Write(output);
                if (caller.Organizations is not { Count: > 0 } memberships)
                    return;
                output.Write('\n');
                var organizations = new TextTable("ORGANIZATION", "ROLE");
                foreach (var organization in memberships)
                    organizations.Add(organization.Name, organization.Role);
                organizations.Write(output);
            },
            $"{caller.Kind}/{caller.Name}");
    }
}
