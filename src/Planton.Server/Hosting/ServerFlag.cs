using System.CommandLine;

namespace Planton.Server.Hosting;

/// <summary>One setting: a flag, or else the environment variable of the same name.</summary>
internal sealed class ServerFlag
{
    private readonly Option _text;

    public ServerFlag(string name, string valueName, string description, bool isSwitch = false, bool isList = false)
    {
        Name = name;
        _text = isList ? new Option<string[]>(name) : new Option<string?>(name);
        _text.Description = $"{description} [{EnvironmentOf(name)}]";
        _text.HelpName = isSwitch ? "true|false" : valueName;
        _text.Arity = isList ? ArgumentArity.OneOrMore : isSwitch ? ArgumentArity.ZeroOrOne : ArgumentArity.ExactlyOne;
    }

    public string Name { get; }

    public Option Option => _text;

    public static string EnvironmentOf(string name) =>
        "PLANTON_SERVER_" + name.TrimStart('-').Replace('-', '_').ToUpperInvariant();

    /// <summary>What was given; null when nothing was. A switch without a value is true; the values of a list have commas in between.</summary>
    public string? Value(ParseResult parsed, Func<string, string?> environment)
    {
        if (parsed.GetResult(_text) is { Implicit: false } given)
            return given.Tokens.Count == 0 ? "true" : string.Join(',', given.Tokens.Select(token => token.Value));
        // An empty variable is how shells and container files say "not set".
        return environment(EnvironmentOf(Name)) is { Length: > 0 } value ? value : null;
    }
}
