using Planton.Tunnel.Links;
using Planton.Tunnel.Protocol;

namespace Planton.Tunnel.Runner;

/// <summary>A runner's view of its tunnel at one moment.</summary>
/// <param name="State">The state of the newest link.</param>
/// <param name="Since">When that state began, UTC.</param>
/// <param name="Attempts">Dials since a link was last stable.</param>
/// <param name="LastFailure">Why the last dial or link ended; null when none has.</param>
/// <param name="LastError">The same, for people. No secrets.</param>
/// <param name="Refusal">The gateway's last word of refusal, if it said one.</param>
public sealed record LinkStatus(
    LinkState State, DateTimeOffset Since, int Attempts, DialFailure? LastFailure, string? LastError, LinkRefusal? Refusal);
