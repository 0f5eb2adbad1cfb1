using Planton.Api.Connections;
using Planton.Server.Routing;

namespace Planton.Server.Connections;

/// <summary>Sends one small request to a connection's target.</summary>
internal interface IConnectionTester
{
    /// <summary>
    /// The stages after the control plane's own, as far as the request got; what failed on the way is the last of them, not an
    /// exception.
    /// </summary>
    Task<IReadOnlyList<ConnectionTestStage>> TestAsync(Operation operation, CancellationToken cancellationToken);
}
