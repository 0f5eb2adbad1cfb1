using Microsoft.EntityFrameworkCore;
using Planton.Api.Client;
using Planton.Api.Errors;
using Planton.Api.Runners;
using Planton.Server.Audit;
using Planton.Server.Tests.Fixture;
using Planton.Tunnel.Protocol;

namespace Planton.Server.Tests.Credentials;

/// <summary>S5, S7: many commands for one runner while its credentials are regenerated.</summary>
public sealed class RacingRegenerationTests
{
    private const int Commands = 200;
    private const int Clients = 20;
    private static readonly int[] RegenerateAt = [60, 140];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OfManyGeneratedAtOnce_ExactlyThoseIssuedAfterTheRegenerationAreValid_ByKeyAndByCertificate()
    {
        await using var server = await ServerFixture.StartAsync();
        var admin = server.Admin;
        var issued = new RunnerCredentials[Commands];
        await Parallel.ForAsync(0, Commands, new ParallelOptions { MaxDegreeOfParallelism = Clients, CancellationToken = Cancellation }, async (number, cancelled) =>
            issued[number] = RegenerateAt.Contains(number)
                ? (await admin.RegenerateCredentialsAsync("default", "prod", cancelled)).Credentials
                : (await admin.GenerateCredentialsAsync("default", "prod", cancelled)).Credentials);

        // What came after what, the trail says: its order is that of the commits.
        var trail = await server.QueryAsync(context => context.AuditRecords
            .Where(r => r.Action == AuditAction.GenerateCredentials || r.Action == AuditAction.RegenerateCredentials)
            .OrderBy(r => r.Sequence).Select(r => new { r.Action, r.Detail }).ToListAsync(Cancellation));
        Assert.Equal(Commands, trail.Count);
        var last = trail.FindLastIndex(record => record.Action == AuditAction.RegenerateCredentials);
        var valid = issued.Where(made => trail.FindIndex(record => record.Detail!.Contains(made.Metadata!.Id!, StringComparison.Ordinal)) >= last).ToHashSet();
        Assert.InRange(valid.Count, 1, Commands - 1);

        var listed = (await admin.ListCredentialsAsync("default", "prod", Cancellation)).Items;
        Assert.Equal(Commands, listed.Count);
        Assert.Equal(Ids(valid), listed.Where(credential => credential.RevokedAt is null).Select(credential => credential.Id).Order(StringComparer.Ordinal));
        await Parallel.ForEachAsync(issued, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Cancellation }, async (made, _) =>
        {
            Assert.Equal(valid.Contains(made), await KeyIsTakenAsync(server, made));
            Assert.Equal(valid.Contains(made) ? null : RefusalCode.Revoked, await RefusalAsync(made));
        });
    }

    private static IEnumerable<string> Ids(IEnumerable<RunnerCredentials> credentials) =>
        credentials.Select(made => made.Metadata!.Id!).Order(StringComparer.Ordinal);

    private static async Task<bool> KeyIsTakenAsync(ServerFixture server, RunnerCredentials made)
    {
        try
        {
            using var http = new HttpClient { BaseAddress = server.Url };
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
