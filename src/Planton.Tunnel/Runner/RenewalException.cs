namespace Planton.Tunnel.Runner;

/// <summary>A certificate was not renewed; the message says why.</summary>
internal sealed class RenewalException(string message) : Exception(message);
