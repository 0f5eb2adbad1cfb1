namespace Planton.Api.Server;

/// <summary>The content of <c>DATA/addresses.json</c>: where a started server listens.</summary>
/// <param name="Http">URL of the API.</param>
/// <param name="Tunnel"><c>host:port</c> of the gateway.</param>
/// <param name="Pid">The server's process id.</param>
/// <param name="Metrics"><c>host:port</c> of the listener for <c>/metrics</c>; absent when there is none.</param>
public sealed record ServerAddresses(string Http, string Tunnel, int Pid, string? Metrics = null);
