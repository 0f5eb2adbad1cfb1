using System.CommandLine;

namespace Planton.Cli.Invocation;

/// <summary>The options that every command takes.</summary>
internal sealed class GlobalOptions
{
    public Option<string?> Server { get; } = new("--server")
    {
        Description = "The control plane's URL (PLANTON_SERVER; default: the current context's)",
        HelpName = "URL",
        Recursive = true,
    };

    public Option<string?> Organization { get; } = new("--org")
    {
        Description = "The organization (PLANTON_ORG; default: the current context's)",
        HelpName = "ORG",
        Recursive = true,
    };

    public Option<bool> Verbose { get; } = new("--verbose")
    {
        Description = "Say more, such as the operation's id with an error",
        Recursive = true,
    };

    public Option<bool> NoColor { get; } = new("--no-color")
    {
        Description = "No colours (NO_COLOR)",
        Recursive = true,
    };

    public void AddTo(Command root)
    {
        root.Options.Add(Server);
        root.Options.Add(Organization);
        root.Options.Add(Verbose);
        root.Options.Add(NoColor);
    }
}
