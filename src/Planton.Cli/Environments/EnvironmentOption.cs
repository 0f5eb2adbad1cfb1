using System.CommandLine;

namespace Planton.Cli.Environments;

/// <summary><c>--env ENV</c>.</summary>
internal static class EnvironmentOption
{
    public static Option<string?> Create(string description) => new("--env") { Description = description, HelpName = "ENV" };
}
