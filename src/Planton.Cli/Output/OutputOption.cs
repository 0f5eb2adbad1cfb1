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

    /// <summary><c>-o table|json|yaml</c>, for what has no names.</summary>
    public static Option<string> CreateWithoutNames() => new Option<string>("--output", "-o")
    {
        Description = "How to print: table, json or yaml",
        HelpName = "FORMAT",
        DefaultValueFactory = _ => "table",
    }.AcceptOnlyFromAmong("table", "json", "yaml");

    public static OutputFormat Parse(string? value) => value switch
    {
        "json" => OutputFormat.Json,
        "yaml" => OutputFormat.Yaml,
        "name" => OutputFormat.Name,
        _ => OutputFormat.Table,
    };
}
