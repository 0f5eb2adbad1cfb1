using Planton.Server.Authorization;
using Planton.Server.Errors;
using Planton.Server.Routing;
using Planton.Tunnel.Gateway;

namespace Planton.Server.Quotas;

/// <summary>
/// How many operations a caller and an organization have in flight, altogether and at one runner, so that none of them takes a
/// runner from the others. Counted on this node.
/// </summary>
internal sealed class OperationQuotas(QuotaOptions quotas, TunnelRegistry registry)
{
    private readonly Lock _gate = new();

    // One entry for each pair that has operations in flight: bounded by them.
    private readonly Dictionary<Holder, int> _inFlight = [];

    /// <summary>A place for the operation, to be disposed when it has ended; or which quota has none.</summary>
    public Result<OperationPlace> Enter(CallerIdentity caller, Operation operation)
    {
        var bounds = Bounds(caller, operation).ToList();
        lock (_gate)
        {
            foreach (var bound in bounds)
            {
                if (_inFlight.GetValueOrDefault(bound.Holder) >= bound.Most)
                    return Exceeded(bound);
            }

            foreach (var bound in bounds)
                _inFlight[bound.Holder] = _inFlight.GetValueOrDefault(bound.Holder) + 1;
        }

        return new OperationPlace(() => Leave(bounds));
    }

    private IEnumerable<Bound> Bounds(CallerIdentity caller, Operation operation)
    {
        var account = $"{caller.Kind}/{caller.Id}";
        var organization = $"organization/{operation.Connection.OrganizationId}";
        var runner = operation.Route.Runner;
        yield return new Bound(new Holder(account, null), quotas.CallerOperations, caller.Name, "", Quota.CallerOperations);
        yield return new Bound(new Holder(organization, null), quotas.OrganizationOperations, "the organization", "", Quota.OrganizationOperations);
        var capacity = registry.CapacityOf(runner.Id);
        // Without a tunnel there is nothing to share: that the runner cannot be reached is the better answer.
        if (capacity == 0)
            yield break;
        var where = $" at runner \"{runner.Name}\", which takes {capacity}";
        yield return new Bound(new Holder(account, runner.Id), Share(capacity, quotas.CallerRunnerPercent), caller.Name, where, Quota.CallerRunnerPercent);
        // A runner of the organization's own is shared by its own people alone.
        if (runner.OrganizationId is null)
            yield return new Bound(new Holder(organization, runner.Id), Share(capacity, quotas.OrganizationRunnerPercent), "the organization", where, Quota.OrganizationRunnerPercent);
    }

    private static int Share(int capacity, int percent) => (int)Math.Max(1, (long)capacity * percent / 100);

    private Error Exceeded(Bound bound) => QuotaErrors.Wait(
        $"{bound.Who} has {bound.Most} operations in flight{bound.Where}, which is the most. The operation was not sent",
        "Retry when some have ended: watches, logs and shells last until they are closed.", bound.Quota, quotas, QuotaErrors.ShortWait);

    private void Leave(List<Bound> bounds)
    {
        lock (_gate)
        {
            foreach (var bound in bounds)
            {
                if (--_inFlight[bound.Holder] == 0)
                    _inFlight.Remove(bound.Holder);
            }
        }
    }

    private readonly record struct Holder(string Who, string? RunnerId);

    private sealed record Bound(Holder Holder, int Most, string Who, string Where, Quota Quota);
}
