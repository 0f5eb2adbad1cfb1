using System.CommandLine;
using System.Globalization;
using Planton.Api.Variables;
using Planton.Cli.Completions;
using Planton.Cli.Invocation;
using Planton.Cli.Output;

namespace Planton.Cli.Variables;

internal static class VariableCommand
{
    public static Command Create(VerbServices services) => new("variable", "Manage variables, which references such as $var/NAME name")
    {
        new VariableSetCommand(services),
        new VariableGetCommand(services),
        new VariableListCommand(services),
        new VariableDeleteCommand(services),
    };

    public static Argument<string> NameArgument() => NameCompletion.Offer(new Argument<string>("NAME") { Description = "The variable's name" }, NameKind.Variable);

    public static void WriteTable(TextWriter output, IEnumerable<Variable> variables, TimeProvider clock)
    {
        var table = new TextTable("NAME", "ENVIRONMENT", "VERSION", "VALUE", "UPDATED");
        foreach (var variable in variables)
            table.Add(
                variable.Name,
                variable.Environment ?? "(all)",
                variable.Version.ToString(CultureInfo.InvariantCulture),
                variable.Value,
                Times.Ago(variable.UpdatedAt, clock));
        table.Write(output);
    }

    public static void WriteOne(TextWriter output, Variable variable, TimeProvider clock)
    {
        WriteTable(output, [variable], clock);
        if (variable.Versions is not { Count: > 0 } versions)
            return;
        output.Write('\n');
        var table = new TextTable("VERSION", "VALUE", "WRITTEN", "BY");
        foreach (var version in versions)
            table.Add(version.Version.ToString(CultureInfo.InvariantCulture), version.Value, Times.Utc(version.CreatedAt), version.CreatedBy);
        table.Write(output);
    }
}
