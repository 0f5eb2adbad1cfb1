using Planton.Server.Authorization;
using Planton.Server.Connections;
using Planton.Server.Connections.Inline;
using Planton.Server.Errors;

namespace Planton.Server.Routing;

/// <summary>Everything that an operation needs before it is recorded and sent: the connection, its runner, its credentials.</summary>
internal sealed class OperationPlanner(ConnectionFinder finder, RouteResolver routes, ConnectionMaterials materials)
{
    public async Task<Result<Operation>> PlanAsync(
        CallerMembership organization, ConnectionAddress address, string operationId, CancellationToken cancellationToken)
    {
        var found = await finder.FindAsync(organization, address, cancellationToken).ConfigureAwait(false);
        if (!found.Succeeded)
            return found.Error;
        var connection = found.Value.Connection;
        var route = await routes.ResolveAsync(connection, cancellationToken).ConfigureAwait(false);
        if (!route.Succeeded)
            return route.Error;
        var operation = new Operation(operationId, connection, route.Value) { Environment = found.Value.Environment };
        if (connection.AuthMode != ConnectionAuthMode.Inline)
            return operation;
        // Never without: the runner would use its own credentials.
        return await materials.OpenAsync(connection, cancellationToken).ConfigureAwait(false) is { } credentials
            ? operation with { Credentials = credentials }
            : ConnectionErrors.JustDeleted(connection.Name);
    }

    /// <summary>Null while the operation's connection may still be used; else why not.</summary>
    public Task<Error?> CheckAsync(Operation operation, CancellationToken cancellationToken) => finder.CheckAsync(operation.Target, cancellationToken);
}
