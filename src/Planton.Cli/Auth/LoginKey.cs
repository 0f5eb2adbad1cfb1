using Planton.Cli.Invocation;

namespace Planton.Cli.Auth;

/// <summary>A key, or why there is none. Exactly one of the two is set.</summary>
internal readonly record struct LoginKey(string? Key, CliError? Error)
{
    /// <summary>The key must not be printed by accident, and a record prints its members.</summary>
    public override string ToString() => Error?.Detail ?? "a key";
}
