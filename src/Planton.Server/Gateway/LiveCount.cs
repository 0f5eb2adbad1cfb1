namespace Planton.Server.Gateway;

/// <summary>Live tunnels, and the operations under way in them.</summary>
internal readonly record struct LiveCount(int Tunnels, int Operations);
