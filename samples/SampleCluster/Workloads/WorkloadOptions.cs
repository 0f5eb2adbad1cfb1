namespace SampleCluster.Workloads;

/// <summary>How fast the made-up machinery works.</summary>
internal sealed record WorkloadOptions
{
    /// <summary>How long a pod is <c>Pending</c>, at least.</summary>
    public TimeSpan StartDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long after a change the controllers look again.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>How long they rest when nothing is due.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Of one workload.</summary>
    public int MaxReplicas { get; init; } = 1000;
}
