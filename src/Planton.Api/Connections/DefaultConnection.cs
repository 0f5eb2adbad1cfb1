namespace Planton.Api.Connections;

/// <summary>Answer of <c>GET …/default-connection</c>: what is used where a request names no connection.</summary>
/// <param name="Connection">Its name; null when there is none.</param>
/// <param name="Level"><c>environment</c> or <c>organization</c>; null when there is none.</param>
public sealed record DefaultConnection(string? Connection, string? Level);
