namespace Planton.Cli.Configuration;

/// <summary>A control plane that was logged in to.</summary>
internal sealed record ConfigServer(string Name, string Url)
{
    public string? ApiKey { get; init; }

    /// <summary>PEM, for a private certificate authority.</summary>
    public string? CaCertificates { get; init; }

    /// <summary>The key must not be printed by accident, and a record prints its members.</summary>
    public override string ToString() => $"{Name} {Url}";
}
