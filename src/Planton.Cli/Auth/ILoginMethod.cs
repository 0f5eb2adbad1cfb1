using System.CommandLine;
using Planton.Cli.Invocation;

namespace Planton.Cli.Auth;

/// <summary>A way to come by an API key for a control plane.</summary>
internal interface ILoginMethod
{
    /// <summary>Adds the options that it takes.</summary>
    void AddTo(Command command);

    /// <summary>The key, not checked with the server yet, or why there is none.</summary>
    Task<LoginKey> GetKeyAsync(CommandContext context, Uri server, CancellationToken cancellationToken);
}
