using Planton.Cli.Hosting;

namespace Planton.Cli.Invocation;

/// <summary>What verbs are made with.</summary>
internal sealed class VerbServices(CliEnvironment environment)
{
    public CliEnvironment Environment { get; } = environment;

    public GlobalOptions Global { get; } = new();

    /// <summary>The server that was last asked, so that a failure can name it.</summary>
    public Uri? LastServer { get; set; }
}
