using Planton.Server.Audit;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Authorization;

/// <summary>
/// Every endpoint of the running server, called by every kind of caller. On one database: what it holds of roles and owners is read
/// by few queries, which <see cref="EndpointOwnerTests"/> and the members' own suite have on both.
/// </summary>
[Trait("Category", "Slow")]
public sealed class EndpointMatrixTests(OnSqlite shared) : EndpointScene(shared), IClassFixture<OnSqlite>
{
    [Fact]
    public async Task EveryCallerGetsWhatItsRoleAllows_AndNothingElse()
    {
        var wrong = new List<string>();
        var denied = new HashSet<string>();
        foreach (var row in EndpointRows.All)
        {
            EndpointTarget? target = null;
            var calls = new List<(string Caller, EndpointAnswer Answer)>();
            foreach (var (form, caller) in row.Forms.SelectMany(_ => Callers, (form, caller) => (form, caller)))
            {
                if (target is null || !row.LeavesItsTarget)
                    target = await ArrangeAsync(row, caller, Org);
                calls.Add((caller, await CallAsync(row, form, caller, Org, target)));
            }

            var recorded = await RecordedAsync(calls.Select(call => call.Answer));
            foreach (var (caller, answer) in calls)
            {
                var expected = Expected(row, caller);
                var records = Records(row, caller, expected);
                var found = recorded[answer.OperationId].ToList();
                // Refusals of one known key are counted together from the tenth in a minute.
                var ended = EndpointRows.Ended.Contains(caller);
                if (ended && found.Contains(AuditOutcome.Denied))
                    denied.Add(caller);
                if (answer.Status != expected || !(ended ? found.All(outcome => outcome == AuditOutcome.Denied) : found.SequenceEqual(records)))
                    wrong.Add($"{answer.Call}: {answer.Status} [{string.Join(',', found)}] instead of {expected} [{string.Join(',', records)}]");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.Equal(EndpointRows.Ended.Order(), denied.Order());
    }

    private static int Expected(EndpointRow row, string caller)
    {
        if (row.IsOpen)
            return row.Answer;
        if (caller == "anonymous" || EndpointRows.Ended.Contains(caller))
            return 401;
        if (row.Allowed.Contains(caller))
            return row.Answer;
        return row.IsOfOrganization && EndpointRows.Strangers.Contains(caller) ? 404 : 403;
    }

    // An operation towards a runner that is not connected is allowed, and then fails.
    private static string[] Records(EndpointRow row, string caller, int status) => status switch
    {
        _ when row.IsOpen => [],
        403 => [AuditOutcome.Denied],
        404 when !row.Allowed.Contains(caller) => [AuditOutcome.Denied],
        503 => [AuditOutcome.Allowed, AuditOutcome.Failed],
        < 300 when row.Audited => [AuditOutcome.Allowed],
        _ => [],
    };
}
