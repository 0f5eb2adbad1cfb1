using Planton.Api.Connections;

namespace Planton.Server.Connections;

/// <summary>Sends one small request to a connection's target.</summary>
internal interface IConnectionTester
{
    /// <summary>Tells how far the request got; what failed on the way is a stage of the answer, not an exception.</summary>
    Task<ConnectionTest> TestAsync(ConnectionEntity connection, string operationId, CancellationToken cancellationToken);
}
