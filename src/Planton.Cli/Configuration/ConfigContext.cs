namespace Planton.Cli.Configuration;

/// <summary>A server and the organization to work in there.</summary>
internal sealed record ConfigContext(string Name, string Server, string? Organization)
{
    /// <summary>The environment to work in there; null for the whole organization.</summary>
    public string? Environment { get; init; }
}
