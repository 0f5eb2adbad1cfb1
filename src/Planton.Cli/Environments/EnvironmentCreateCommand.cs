using System.CommandLine;
using Planton.Cli.Invocation;
using Planton.Cli.Output;

namespace Planton.Cli.Environments;

/// <summary><c>planton environment create</c></summary>
internal sealed class EnvironmentCreateCommand : OrganizationVerb
{
    private readonly Argument<string> _name = EnvironmentCommand.NameArgument();
    private readonly Option<string> _output = OutputOption.Create();

    public EnvironmentCreateCommand(VerbServices services)
        : base("create", "Make an environment", services)
    {
        Arguments.Add(_name);
        Options.Add(_output);
        Examples = ["planton environment create staging"];
    }

    protected override async Task<int> RunAsync(CommandContext context, Session session, CancellationToken cancellationToken)
    {
        var made = await session.Api.CreateEnvironmentAsync(session.Organization, context.Parsed.GetRequiredValue(_name), cancellationToken).ConfigureAwait(false);
        return ResultPrinter.Print(
            context,
            OutputOption.Parse(context.Parsed.GetValue(_output)),
            made,
            CliJson.Readable.OrganizationEnvironment,
            output => EnvironmentCommand.WriteTable(output, [made], Environment.Time),
            $"environment/{made.Name}");
    }
}
