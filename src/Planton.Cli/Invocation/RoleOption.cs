using System.CommandLine;

namespace Planton.Cli.Invocation;

/// <summary><c>--role owner|admin|member|viewer</c>.</summary>
internal static class RoleOption
{
    public static Option<string?> Create(string description) =>
        new Option<string?>("--role") { Description = description, HelpName = "ROLE" }.AcceptOnlyFromAmong("owner", "admin", "member", "viewer");
}
