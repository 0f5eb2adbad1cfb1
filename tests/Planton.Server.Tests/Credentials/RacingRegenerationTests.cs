using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Planton.Api.Client;
using Planton.Api.Credentials;
using Planton.Api.Errors;
using Planton.Api.Runners;
using Planton.Server.Audit;
using Planton.Server.Tests.Fixture;
using Planton.Tunnel.Protocol;

namespace Planton.Server.Tests.Credentials;

/// <summary>S5, S7: many commands for one runner while its credentials are regenerated.</summary>
public abstract class RacingRegenerationTests(SharedServer shared) : SharedServerTest(shared)
{
    private const int Commands = 200;
    private const int Clients = 20;
    private static readonly int[] RegenerateAt = [60, 140];

    [Fact]
    public async Task OfManyGeneratedAtOnce_ExactlyThoseIssuedAfterTheRegenerationAreValid_ByKeyAndByCertificate()
    {
        var issued = new RunnerCredentials[Commands];
        var revoked = new ConcurrentDictionary<string, RevocationSummary>();
        await Parallel.ForAsync(0, Commands, new ParallelOptions { MaxDegreeOfParallelism = Clients, CancellationToken = Cancellation }, async (number, cancelled) =>
        {
            if (!RegenerateAt.Contains(number))
            {
                issued[number] = (await Admin.GenerateCredentialsAsync(Org, "prod", cancelled)).Credentials;
                return;
            }

            var regenerated = await Admin.RegenerateCredentialsAsync(Org, "prod", cancelled);
            issued[number] = regenerated.Credentials;
            revoked[regenerated.Credentials.Metadata!.Id!] = regenerated.Revoked;
        });

        // The order of the trail is the order of the commits.
        var trail = await Server.QueryAsync(context => context.AuditRecords
            .Where(r => (r.Action == AuditAction.GenerateCredentials || r.Action == AuditAction.RegenerateCredentials) && r.OrganizationId == OrgId)
            .OrderBy(r => r.Sequence).Select(r => new { r.Action, r.Detail }).ToListAsync(Cancellation));
        Assert.Equal(Commands, trail.Count);
        var last = trail.FindLastIndex(record => record.Action == AuditAction.RegenerateCredentials);
        var valid = issued.Where(made => trail.FindIndex(record => record.Detail!.Contains(made.Metadata!.Id!, StringComparison.Ordinal)) >= last).ToHashSet();
        Assert.InRange(valid.Count, 1, Commands - 1);

        // Each regeneration revoked those that were valid before it: all since the previous one.
        var before = 0;
        for (var index = 0; index < trail.Count; index++)
        {
            if (trail[index].Action != AuditAction.RegenerateCredentials)
                continue;
            var id = issued.Single(made => trail[index].Detail!.Contains(made.Metadata!.Id!, StringComparison.Ordinal)).Metadata!.Id!;
            Assert.Equal(new RevocationSummary(index - before, index - before, 0, 0), revoked[id]);
            before = index;
        }

        var listed = (await Admin.ListCredentialsAsync(Org, "prod", Cancellation)).Items;
        Assert.Equal(Commands, listed.Count);
        Assert.Equal(Ids(valid), listed.Where(credential => credential.RevokedAt is null).Select(credential => credential.Id).Order(StringComparer.Ordinal));
        await Parallel.ForEachAsync(issued, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Cancellation }, async (made, _) =>
        {
            Assert.Equal(valid.Contains(made), await KeyIsAcceptedAsync(made));
            Assert.Equal(valid.Contains(made) ? null : RefusalCode.Revoked, await RefusalAsync(made));
        });
    }

    private static IEnumerable<string> Ids(IEnumerable<RunnerCredentials> credentials) =>
        credentials.Select(made => made.Metadata!.Id!).Order(StringComparer.Ordinal);

    private async Task<bool> KeyIsAcceptedAsync(RunnerCredentials made)
    {
        try
        {
            using var http = new HttpClient { BaseAddress = Server.Url };
            http.DefaultRequestHeaders.Authorization = PlantonApiClient.Bearer(made.ApiKey!);
            return (await new PlantonApiClient(http).GetCallerAsync(Cancellation)).Runner is not null;
        }
        catch (ApiException refused) when (refused.Problem.Code == ErrorCode.Unauthenticated)
        {
            return false;
        }
    }

    private static async Task<string?> RefusalAsync(RunnerCredentials made)
    {
        await using var runner = await ConnectedRunner.StartAsync(made, _ => Task.CompletedTask);
        return (await runner.Link.WaitForStartAsync(Cancellation)).Refusal?.Code;
    }
}

public sealed class RacingRegenerationTestsOnSqlite(OnSqlite shared) : RacingRegenerationTests(shared), IClassFixture<OnSqlite>;

public sealed class RacingRegenerationTestsOnPostgreSql(OnPostgreSql shared) : RacingRegenerationTests(shared), IClassFixture<OnPostgreSql>;
