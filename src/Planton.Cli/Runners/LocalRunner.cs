namespace Planton.Cli.Runners;

/// <summary>A runner whose credentials are in the local store.</summary>
/// <param name="Organization">Null for a runner of the platform.</param>
/// <param name="Name">The runner's name.</param>
/// <param name="File">Its credentials.</param>
internal sealed record LocalRunner(string? Organization, string Name, string File)
{
    /// <summary>What to type to mean this one.</summary>
    public override string ToString() => Organization is null ? $"{Name} (--platform)" : $"{Name} (--org {Organization})";
}
