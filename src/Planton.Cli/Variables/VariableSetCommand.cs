using System.CommandLine;
using Planton.Api.Variables;
using Planton.Cli.Environments;
using Planton.Cli.Invocation;
using Planton.Cli.Output;
using Planton.Cli.Values;

namespace Planton.Cli.Variables;

/// <summary><c>planton variable set</c></summary>
internal sealed class VariableSetCommand : EnvironmentVerb
{
    private readonly Argument<string> _name = VariableCommand.NameArgument();
    private readonly Argument<string?> _value = new("VALUE")
    {
        Description = "The value (default: standard input)",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _file = new("--from-file") { Description = "Take the value from a file, as it is", HelpName = "FILE" };
    private readonly Option<string> _output = OutputOption.Create();

    public VariableSetCommand(VerbServices services)
        : base("set", "Write a new version of a variable, which is made if there is none", services)
    {
        Arguments.Add(_name);
        Arguments.Add(_value);
        Options.Add(_file);
        Options.Add(_output);
        Validators.Add(result =>
        {
            if (result.GetValue(_value) is not null && result.GetValue(_file) is not null)
                result.AddError("VALUE and --from-file exclude each other.");
        });
        Examples = ["planton variable set region eu-west-1", "planton variable set settings --env staging --from-file settings.json"];
    }

    protected override async Task<int> RunAsync(CommandContext context, Session session, CancellationToken cancellationToken)
    {
        var (value, error) = await ReadAsync(context, cancellationToken).ConfigureAwait(false);
        if (value is null)
            return context.Fail(error!);
        var environment = EnvironmentOf(context, session);
        var variable = await session.Api.PutVariableAsync(session.Organization, context.Parsed.GetRequiredValue(_name), value, environment, cancellationToken).ConfigureAwait(false);
        context.Say($"Wrote version {variable.Version} of variable {variable.Name} {Describe(session, environment)}.");
        return ResultPrinter.Print(
            context,
            OutputOption.Parse(context.Parsed.GetValue(_output)),
            variable,
            CliJson.Readable.Variable,
            output => VariableCommand.WriteTable(output, [variable], Environment.Time),
            $"variable/{variable.Name}");
    }

    private async Task<(string? Value, CliError? Error)> ReadAsync(CommandContext context, CancellationToken cancellationToken)
    {
        if (context.Parsed.GetValue(_value) is { } given)
            return (given, null);
        return context.Parsed.GetValue(_file) is { } file
            ? await ValueReader.FromFileAsync(file, PutVariableRequest.MaxBytes, cancellationToken).ConfigureAwait(false)
            : await ValueReader.FromInputAsync(context, PutVariableRequest.MaxBytes, cancellationToken).ConfigureAwait(false);
    }
}
