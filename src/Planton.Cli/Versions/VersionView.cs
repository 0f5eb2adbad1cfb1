namespace Planton.Cli.Versions;

/// <summary>The versions as they are printed.</summary>
/// <param name="Client">This program's version.</param>
/// <param name="Server">The control plane's; null when none is configured or it cannot be asked.</param>
/// <param name="ServerUrl">Which control plane.</param>
internal sealed record VersionView(string Client, string? Server, string? ServerUrl);
