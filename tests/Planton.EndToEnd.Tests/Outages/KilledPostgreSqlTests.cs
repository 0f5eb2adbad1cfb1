using System.Diagnostics;
using System.Text.Json;
using Planton.Api;
using Planton.Api.Audit;
using Planton.Api.Client;
using Planton.Api.Errors;
using Planton.EndToEnd.Tests.Installations;

namespace Planton.EndToEnd.Tests.Outages;

/// <summary>PostgreSQL is killed (SIGKILL) under a control plane that is at work, and comes back.</summary>
[Trait("Category", "Slow")]
public sealed class KilledPostgreSqlTests(ITestOutputHelper output)
{
    private const int Clients = 4;
    private const int Commands = 60;

    // What the server reads and writes by itself, it does every 2 s or more often, but for the use of keys (1 min) and its certificate (1 h).
    private static readonly TimeSpan EverythingHasLooked = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WhatWasAnsweredHolds_TheTrailIsWhole_AndTheServerServesAgainByItself()
    {
        await using var database = await OwnPostgreSql.StartAsync();
        await using var server = await ServerWithSettings.StartAsync("127.0.0.1", [], ("PLANTON_SERVER_DATABASE", database.Url));
        var clients = await StartClientsAsync(server);
        var commands = clients.ConvertAll(client => client.UntilOneFailsAsync(server.Api));
        await Eventually.BecomesTrueAsync(
            () => commands.Exists(client => client.IsCompleted)
                || (clients.Sum(client => client.Count) >= Commands && clients.TrueForAll(client => client.Count > 0)),
            "commands are answered", Patience, Token);
        if (commands.Find(client => client.IsCompleted) is { } early)
            Assert.Fail($"a command failed before PostgreSQL was killed: {await early}");

        await database.KillAsync();

        // Each client is answered: none waits without end, and the server does not end.
        var failures = await Task.WhenAll(commands).WaitAsync(Patience, Token);
        output.WriteLine($"{clients.Sum(client => client.Count)} commands were answered; then: {string.Join("; ", failures.Select(failure => failure.Message))}");
        Assert.All(failures, failure => Assert.Equal(ErrorCode.Unavailable, Assert.IsType<ApiException>(failure).Problem.Code));
        await Eventually.BecomesTrueAsync(async () => await server.ReadinessAsync() == 503, "the server is not ready without its database", Patience, Token);
        var began = Stopwatch.GetTimestamp();
        await Eventually.BecomesTrueAsync(
            () => Stopwatch.GetElapsedTime(began) > EverythingHasLooked, "all that looks at the database by itself has done so", Patience, Token);

        await database.StartAgainAsync();
        await ServesAgainAsync(server);

        foreach (var client in clients)
            await client.CheckAsync(server.Api, server.Addresses.Http);
        var verified = JsonSerializer.Deserialize(await server.SucceedAsync("audit", "verify", "-o", "json"), PlantonJson.Default.AuditVerification)!;
        Assert.Null(verified.FirstBad);
        await IsRecordedAsync(server, "service-account.create-key", clients.Sum(client => client.Created));
        await IsRecordedAsync(server, "service-account.revoke-key", clients.Sum(client => client.Revoked));
        // And it works, not only reads.
        await server.SucceedAsync("runner", "register", "afterwards");
    }

    private static async Task<List<AnsweredCommands>> StartClientsAsync(ServerWithSettings server)
    {
        var clients = new List<AnsweredCommands>();
        for (var number = 0; number < Clients; number++)
        {
            await server.Api.CreateServiceAccountAsync(PlantonInstallation.Organization, $"client-{number}", cancellationToken: Token);
            clients.Add(new AnsweredCommands($"client-{number}"));
        }

        return clients;
    }

    /// <summary>Every command that was answered has a record; one that was not may have been done, and have one too.</summary>
    private static async Task IsRecordedAsync(ServerWithSettings server, string action, int answered)
    {
        var query = new AuditQuery { Action = action, Outcome = "allowed", Limit = AuditQuery.MaxLimit };
        var records = (await server.Api.ListAuditAsync(PlantonInstallation.Organization, query, Token)).Items.Count;
        Assert.InRange(records, answered, answered + Clients);
    }

    private static async Task ServesAgainAsync(ServerWithSettings server)
    {
        await Eventually.BecomesTrueAsync(async () => await server.ReadinessAsync() == 200, "the server serves again", Patience, Token);
        Assert.False(server.Process.HasExited, server.Process.Describe());
        Assert.DoesNotContain(server.Process.ErrorLines, line => line.Contains(OwnPostgreSql.Password, StringComparison.Ordinal));
    }
}
