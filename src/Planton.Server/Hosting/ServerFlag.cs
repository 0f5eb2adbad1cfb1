using System.CommandLine;

namespace Planton.Server.Hosting;

/// <summary>One setting: a flag, or else the environment variable of the same name.</summary>
internal sealed class ServerFlag
{
    private readonly Option<string?> _text;

    public ServerFlag(string name, string valueName, string description, bool isSwitch = false)
    {
        Name = name;
        _text = new Option<string?>(name)
        {
            Description = $"{description} [{EnvironmentOf(name)}]",
            HelpName = isSwitch ? "true|false" : valueName,
            Arity = isSwitch ? ArgumentArity.ZeroOrOne : ArgumentArity.ExactlyOne,
        };
    }

    public string Name { get; }

    public Option Option => _text;

    public static string EnvironmentOf(string name) =>
        "PLANTON_SERVER_" + name.TrimStart('-').Replace('-', '_').ToUpperInvariant();

    /// <summary>What was given; null when nothing was. A switch without a value is true.</summary>
    public string? Value(ParseResult parsed, Func<string, string?> environment)
    {
        if (parsed.GetResult(_text) is { Implicit: false } given)
            return given.Tokens.Count == 0 ? "true" : given.Tokens[0].Value;
        // An empty variable is how shells and container files say "not set".
        return environment(EnvironmentOf(Name)) is { Length: > 0 } value ? value : null;
    }
}
