using System.Globalization;

namespace Planton.Tunnel.Protocol;

/// <summary>
/// The first line of a link: what a runner says of itself. Informative only; identity comes from the certificate. Its texts have
/// no control characters and none that are invisible: they are stored, logged and shown.
/// </summary>
public sealed record RunnerGreeting
{
    /// <summary>The protocol's version: <see cref="TunnelProtocol.Version"/>.</summary>
    public int Protocol { get; init; } = TunnelProtocol.Version;

    /// <summary>One value for the life of the runner's process: tells replicas apart. At most 64 characters.</summary>
    public required string InstanceId { get; init; }

    /// <summary>The runner's version. At most 64 characters.</summary>
    public required string Version { get; init; }

    /// <summary>The runner's host name. At most 253 characters.</summary>
    public string? HostName { get; init; }

    /// <summary>Whether the runner takes no operations yet; the event <c>ready</c> follows when it does.</summary>
    public bool Starting { get; init; }

    /// <summary>The kinds of operation that the runner takes, for example <c>kubernetes</c>. At most 64 of 64 characters each.</summary>
    public IReadOnlyList<string> Capabilities { get; init; } = [];

    /// <summary>How many operations the runner takes at once on this link: 1 to 100,000.</summary>
    public int MaxOperations { get; init; } = 1_000;

    /// <summary>
    /// Which authorities the runner trusts: <see cref="TrustBundle.Hash"/> of them. Null: it cannot be told of others, nor renew.
    /// </summary>
    public string? Trust { get; init; }

    /// <summary>Whether the certificates and authorities that the runner is given outlive its process.</summary>
    public bool KeepsCertificates { get; init; }

    /// <summary>The first fault of a greeting that came from outside; null when it is as described.</summary>
    internal string? Fault() =>
        Protocol != TunnelProtocol.Version ? $"protocol {Protocol} is not {TunnelProtocol.Version}"
        : InstanceId is not { Length: > 0 and <= 64 } ? "instanceId is not 1 to 64 characters"
        : Version is not { Length: > 0 and <= 64 } ? "version is not 1 to 64 characters"
        : HostName is { Length: > 253 } ? "hostName is longer than 253 characters"
        : Capabilities is null || Capabilities.Count > 64 || Capabilities.Any(c => c is not { Length: > 0 and <= 64 }) ? "capabilities are not at most 64 of 64 characters"
        : Trust is not (null or { Length: TrustBundle.HashLength }) ? $"trust is not {TrustBundle.HashLength} characters"
        : Unfit(InstanceId) ? "instanceId has control characters"
        : Unfit(Version) ? "version has control characters"
        : HostName is not null && Unfit(HostName) ? "hostName has control characters"
        : Capabilities.Any(Unfit) ? "capabilities have control characters"
        : MaxOperations is < 1 or > 100_000 ? "maxOperations is not 1 to 100000"
        : null;

    private static bool Unfit(string text) => text.Any(c => CharUnicodeInfo.GetUnicodeCategory(c)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
