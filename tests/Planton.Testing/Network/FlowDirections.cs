namespace Planton.Testing.Network;

/// <summary>The directions through a <see cref="TcpForwarder"/>.</summary>
[Flags]
public enum FlowDirections
{
    /// <summary>Neither.</summary>
    None = 0,

    /// <summary>From whoever connected, to the target.</summary>
    ToTarget = 1,

    /// <summary>From the target, to whoever connected.</summary>
    FromTarget = 2,

    /// <summary>Both.</summary>
    Both = ToTarget | FromTarget,
}
