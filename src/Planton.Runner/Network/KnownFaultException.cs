namespace Planton.Runner.Network;

/// <summary>Carries a known fault through the HTTP stack, which has no other way to fail.</summary>
internal sealed class KnownFaultException(NetworkFault fault) : Exception(fault.What)
{
    public NetworkFault Fault { get; } = fault;
}
