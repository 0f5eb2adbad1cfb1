namespace Planton.Tunnel.Protocol;

/// <summary>A gateway's word that it will not have a runner.</summary>
/// <param name="Code">One of <see cref="RefusalCode"/>.</param>
/// <param name="Detail">For people: why, and what mends it. At most 1,000 characters, no secrets.</param>
public sealed record LinkRefusal(string Code, string Detail)
{
    /// <summary>How long the runner is asked to wait before it dials again, besides its own back-off. It waits at most 60 s.</summary>
    public TimeSpan RetryAfter { get; init; }

    /// <summary>Whether trying again with the same credentials is of no use.</summary>
    public bool IsFinal => RefusalCode.IsFinal(Code);
}
