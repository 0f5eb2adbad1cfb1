namespace Planton.Cli.Kubectl.Printing;

/// <summary>What is shown of a table, and what is added to it.</summary>
internal sealed record TableOptions
{
    public bool NoHeaders { get; init; }

    public bool WithNamespace { get; init; }

    /// <summary>What stands before the name (<c>pod/</c>); null for nothing.</summary>
    public string? KindPrefix { get; init; }

    public bool Wide { get; init; }

    public bool ShowLabels { get; init; }

    public IReadOnlyList<string> LabelColumns { get; init; } = [];
}
