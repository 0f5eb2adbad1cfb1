using System.Net;
using SampleCluster.Objects;
using SampleCluster.Workloads;

namespace SampleCluster.Hosting;

/// <summary>How to start a sample cluster.</summary>
internal sealed record SampleClusterOptions
{
    /// <summary>Port 0 picks a free one.</summary>
    public IPEndPoint Listen { get; init; } = new(IPAddress.Loopback, 0);

    /// <summary>The bearer token; a random one when null.</summary>
    public string? Token { get; init; }

    public StoreLimits Limits { get; init; } = new();

    public WorkloadOptions Workloads { get; init; } = new();

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Where log lines go; standard error when null.</summary>
    public ILoggerProvider? Logs { get; init; }
}
