using System.CommandLine;
using Planton.Cli.Environments;
using Planton.Cli.Invocation;
using Planton.Cli.Output;
using Planton.Cli.Values;

namespace Planton.Cli.Variables;

/// <summary><c>planton variable get</c></summary>
internal sealed class VariableGetCommand : EnvironmentVerb
{
    private readonly Argument<string> _name = VariableCommand.NameArgument();
    private readonly Option<bool> _value = new("--value") { Description = "Print the value alone, exactly as it is" };
    private readonly Option<string> _output = OutputOption.Create();

    public VariableGetCommand(VerbServices services)
        : base("get", "Show a variable and its versions", services)
    {
        Arguments.Add(_name);
        Options.Add(_value);
        Options.Add(_output);
        Examples = ["planton variable get region", "planton variable get settings --env staging --value > settings.json"];
    }

    protected override async Task<int> RunAsync(CommandContext context, Session session, CancellationToken cancellationToken)
    {
        var variable = await session.Api.GetVariableAsync(
            session.Organization, context.Parsed.GetRequiredValue(_name), EnvironmentOf(context, session), cancellationToken).ConfigureAwait(false);
        if (context.Parsed.GetValue(_value))
            return ValuePrinter.Print(context, variable.Value);
        return ResultPrinter.Print(
            context,
            OutputOption.Parse(context.Parsed.GetValue(_output)),
            variable,
            CliJson.Readable.Variable,
            output => VariableCommand.WriteOne(output, variable, Environment.Time),
            $"variable/{variable.Name}");
    }
}
