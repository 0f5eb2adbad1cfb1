namespace Planton.Cli.Kubectl.Getting;

/// <summary>What was asked of <c>kubectl get</c>.</summary>
internal sealed record GetOptions
{
    public const int DefaultChunkSize = 500;

    public IReadOnlyList<string> Arguments { get; init; } = [];

    public string Namespace { get; init; } = "default";

    public bool AllNamespaces { get; init; }

    public string Selector { get; init; } = "";

    public string FieldSelector { get; init; } = "";

    public GetOutput Output { get; init; }

    public bool Watch { get; init; }

    public bool WatchOnly { get; init; }

    public bool OutputWatchEvents { get; init; }

    public bool NoHeaders { get; init; }

    public bool ShowLabels { get; init; }

    public bool ShowKind { get; init; }

    public bool ShowManagedFields { get; init; }

    public bool IgnoreNotFound { get; init; }

    public long ChunkSize { get; init; } = DefaultChunkSize;

    public IReadOnlyList<string> LabelColumns { get; init; } = [];

    /// <summary>The server is asked for tables.</summary>
    public bool IsTable => Output is GetOutput.Table or GetOutput.Wide;

    public bool HasSelector => Selector.Length > 0 || FieldSelector.Length > 0;
}
