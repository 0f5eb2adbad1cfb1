using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Planton.Api;
using Planton.Api.Errors;
using Planton.Server.Audit;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Authorization;

/// <summary>Every endpoint of the running server, called for what is another's.</summary>
public abstract class EndpointOwnerTests(SharedServer shared) : EndpointScene(shared)
{
    [Fact]
    public async Task InAnotherOrganization_AndInOneThatDoesNotExist_EveryCallerIsRefusedAlike()
    {
        var wrong = new List<string>();
        foreach (var row in EndpointRows.All.Where(row => row.IsOfOrganization))
        {
            // It exists in the other organization: only the refusal keeps the caller from it.
            var target = await ArrangeAsync(row, "owner", Other);
            var answers = new List<EndpointAnswer>();
            foreach (var caller in EndpointRows.AnyKey)
            {
                foreach (var form in row.Forms)
                    answers.Add(await CallAsync(row, form, caller, Other, target));
                answers.Add(await CallAsync(row, row.Forms[0], caller, "nowhere", target));
            }

            // Those whose own organization has a name like it.
            foreach (var caller in new[] { "owner", "runner" })
            {
                foreach (var almost in new[] { Org.ToUpperInvariant(), Org + "%20" })
                    answers.Add(await CallAsync(row, row.Forms[0], caller, almost, target));
            }

            var recorded = await RecordedAsync(answers);
            wrong.AddRange(answers
                .Where(answer => answer.Status != 404 || !recorded[answer.OperationId].SequenceEqual([AuditOutcome.Denied]))
                .Select(answer => $"{answer.Call}: {answer.Status} [{string.Join(',', recorded[answer.OperationId])}]"));
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public async Task AnIdOfAnotherOwner_IsAsUnknownAsOneThatDoesNotExist_AndStaysValid()
    {
        var rows = EndpointRows.All.Where(row => row.Has("{id}")).ToList();
        Assert.Equal(5, rows.Count);
        string[] credentials = [await NewCredentialAsync(Org, "another"), await NewCredentialAsync(Other, "own"), await NewCredentialAsync(null, UniqueName("another"))];
        string[] keys = [await NewAccountKeyAsync(Org, "another"), await NewAccountKeyAsync(Other, "another"), IdOf(await AddUserAsync("member"))];
        var wrong = new List<string>();
        foreach (var row in rows)
        {
            foreach (var caller in row.Allowed)
            {
                var own = await ArrangeAsync(row, caller, Org);
                var unknown = await ProblemAsync(row, caller, own with { Id = EndpointTarget.UnknownId });
                foreach (var id in credentials.Concat(keys))
                {
                    var foreign = await ProblemAsync(row, caller, own with { Id = id });
                    if (foreign != unknown)
                        wrong.Add($"{caller}: {row.Endpoint} with {id}: {foreign} instead of {unknown}");
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.Equal(3, await Server.QueryAsync(context => context.RunnerCredentials.CountAsync(
            credential => credentials.Contains(credential.Id) && credential.RevokedAt == null, Cancellation)));
        Assert.Equal(3, await Server.QueryAsync(context => context.ApiKeys.CountAsync(key => keys.Contains(key.Id) && key.RevokedAt == null, Cancellation)));
    }

    // Without what differs from call to call: the operation, and the id that was tried.
    private async Task<Problem?> ProblemAsync(EndpointRow row, string caller, EndpointTarget target)
    {
        var answer = await CallAsync(row, row.Forms[0], caller, Org, target);
        Assert.True(answer.Status == 404, $"{answer.Call}: {answer.Status}");
        Assert.Empty((await RecordedAsync([answer]))[answer.OperationId]);
        var problem = JsonSerializer.Deserialize(answer.Text, PlantonJson.Default.Problem)!;
        Assert.Equal(ErrorCode.NotFound, problem.Code);
        return problem with { OperationId = null, Detail = problem.Detail.Replace(target.Id, "ID", StringComparison.Ordinal) };
    }
}

public sealed class EndpointOwnerTestsOnSqlite(OnSqlite shared) : EndpointOwnerTests(shared), IClassFixture<OnSqlite>;

public sealed class EndpointOwnerTestsOnPostgreSql(OnPostgreSql shared) : EndpointOwnerTests(shared), IClassFixture<OnPostgreSql>;
