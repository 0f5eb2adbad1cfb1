namespace SampleCluster.Objects;

/// <summary>What the store may hold, so that no client can make the sample eat a machine.</summary>
internal sealed record StoreLimits
{
    public int MaxObjects { get; init; } = 50_000;

    public long MaxBytes { get; init; } = 256L << 20;

    public int MaxChanges { get; init; } = 4096;

    public long MaxChangeBytes { get; init; } = 32L << 20;
}
