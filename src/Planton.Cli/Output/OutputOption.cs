using System.CommandLine;

namespace Planton.Cli.Output;

/// <summary><c>-o table|json|yaml|name</c>.</summary>
internal static class OutputOption
{
    public static Option<string> Create() => new Option<string>("--output", "-o")
    {
        Description = "How to print: table, json, yaml or name",
        HelpName = "FORMAT",
        DefaultValueFactory = _ => "table",
    }.AcceptOnlyFromAmong("table", "json", "yaml", "name");

    public static OutputFormat Parse(string? value) => value switch
    {
        "json" => OutputFormat.Json,
        "yaml" => OutputFormat.Yaml,
        "name" => OutputFormat.Name,
        _ => OutputFormat.Table,
    };
}
