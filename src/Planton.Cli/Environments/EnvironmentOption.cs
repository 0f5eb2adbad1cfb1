using System.CommandLine;
using Planton.Cli.Completions;

namespace Planton.Cli.Environments;

/// <summary><c>--env ENV</c>.</summary>
internal static class EnvironmentOption
{
    public static Option<string?> Create(string description) =>
        NameCompletion.Offer(new Option<string?>("--env") { Description = description, HelpName = "ENV" }, NameKind.Environment);
}
