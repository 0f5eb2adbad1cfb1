using Planton.Api.Connections;
using Planton.Api.Errors;
using Planton.Server.Audit;
using Planton.Server.Authorization;
using Planton.Server.Errors;
using Planton.Server.Quotas;
using Planton.Server.Routing;

namespace Planton.Server.Connections;

/// <summary>Sends one small request to a connection's target, as any other operation: authorized, routed and recorded before.</summary>
internal sealed class ConnectionTestService(
    Gatekeeper gatekeeper, OperationPlanner planner, OperationQuotas quotas, IAuditLog audit, IConnectionTester tester, TimeProvider time)
{
    // Without these there is nothing to test.
    private static readonly string[] NoTest = [ErrorCode.ConnectionNotFound, ErrorCode.NotFound];

    public async Task<Result<ConnectionTest>> TestAsync(
        OperationContext operation, string organization, string name, string? environment, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var address = new ConnectionAddress(name, environment);
        var entered = await gatekeeper.EnterAsync(
            operation, organization, Permission.TestConnection, AuditAction.TestConnection, address.Resource, cancellationToken).ConfigureAwait(false);
        if (!entered.Succeeded)
            return entered.Error;
        var planned = await planner.PlanAsync(entered.Value, address, operation.OperationId, cancellationToken).ConfigureAwait(false);
        if (!planned.Succeeded)
        {
            if (NoTest.Contains(planned.Error.Code))
                return planned.Error;
            await audit.RecordAsync(Refused(operation, address, entered.Value, planned.Error), cancellationToken).ConfigureAwait(false);
            return new ConnectionTest(false, [ControlPlane(began, planned.Error)]);
        }

        var place = quotas.Enter(operation.Caller, planned.Value);
        if (!place.Succeeded)
        {
            await audit.RecordAsync(Refused(operation, address, entered.Value, place.Error), cancellationToken).ConfigureAwait(false);
            return place.Error;
        }

        using var held = place.Value;
        await audit.RecordAsync(operation.Allowed(AuditAction.TestConnection, address.Resource, entered.Value.OrganizationId), cancellationToken)
            .ConfigureAwait(false);
        var (runner, level) = (planned.Value.Route.Runner.Name, Describe(planned.Value.Route.Level));
        ConnectionTestStage first = new(ConnectionTestStageName.ControlPlane, true, Since(began), $"allowed and recorded; runner \"{runner}\", by {level}", null);
        var rest = await tester.TestAsync(planned.Value, cancellationToken).ConfigureAwait(false);
        return new ConnectionTest(rest.All(stage => stage.Ok), [first, .. rest]);
    }

    private static AuditEntry Refused(OperationContext operation, ConnectionAddress address, CallerMembership organization, Error error)
    {
        var entry = operation.Denied(AuditAction.TestConnection, address.Resource, organization.OrganizationId, error);
        return ErrorStatus.ToHttpStatus(error.Code) < StatusCodes.Status500InternalServerError ? entry : entry with { Outcome = AuditOutcome.Failed };
    }

    private ConnectionTestStage ControlPlane(long began, Error error) => new(
        ConnectionTestStageName.ControlPlane, false, Since(began), error.Hint is null ? error.Detail : $"{error.Detail}. {error.Hint}", error.Code);

    private double Since(long began) => Math.Round(time.GetElapsedTime(began).TotalMilliseconds, 2);

    private static string Describe(RouteLevel level) => level switch
    {
        RouteLevel.Connection => "the connection",
        RouteLevel.Organization => "the organization's default",
        _ => "the platform's default",
    };
}
