namespace SampleCluster.Exec;

/// <summary>The first byte of every message of the <c>v4</c> and <c>v5.channel.k8s.io</c> protocols.</summary>
internal static class ExecChannel
{
    public const byte Input = 0;
    public const byte Output = 1;
    public const byte Error = 2;

    /// <summary>Carries the outcome: one <c>Status</c>.</summary>
    public const byte Outcome = 3;

    public const byte Resize = 4;

    /// <summary>Version 5 only: the next byte names the channel that its sender closes.</summary>
    public const byte Close = 255;
}
