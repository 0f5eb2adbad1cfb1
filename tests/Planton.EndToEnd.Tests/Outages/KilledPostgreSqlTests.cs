using System.Diagnostics;
using System.Text.Json;
using Planton.Api;
using Planton.Api.Audit;
using Planton.Api.Client;
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
    public async Task WhatWasAnsweredHolds_TheTrailIsWhole_AndTheServerServesAgain_OrSaysWhyItEnded()
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

        // Each client is answered, or its connection ends: none waits without end.
        var failures = await Task.WhenAll(commands).WaitAsync(Patience, Token);
        output.WriteLine($"{clients.Sum(client => client.Count)} commands were answered; then: {string.Join("; ", failures.Select(failure => failure.Message))}");
        var refused = failures.OfType<ApiException>().ToList();
        Assert.All(refused, refusal => Assert.InRange(refusal.Problem.Status, 500, 503));
        // Whom it did not answer it left because it ended.
        if (refused.Count < Clients)
            await server.Process.WaitForExitAsync(Patience, Token);
        await Eventually.BecomesTrueAsync(async () => await server.ReadinessAsync() != 200, "the server is not ready without its database", Patience, Token);
        var began = Stopwatch.GetTimestamp();
        await Eventually.BecomesTrueAsync(
            () => server.Process.HasExited || Stopwatch.GetElapsedTime(began) > EverythingHasLooked, "all that looks at the database by itself has done so", Patience, Token);

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

    /// <summary>The server serves again by itself, or has ended, has said in its log that it was the database, and serves when it is started again.</summary>
    private async Task ServesAgainAsync(ServerWithSettings server)
    {
        await Eventually.BecomesTrueAsync(
            async () => server.Process.HasExited || await server.ReadinessAsync() == 200, "the server serves again, or ends", Patience, Token);
        Assert.DoesNotContain(server.Process.ErrorLines, line => line.Contains(OwnPostgreSql.Password, StringComparison.Ordinal));
        if (!server.Process.HasExited)
            return;
        output.WriteLine($"the server ended with exit code {await server.Process.WaitForExitAsync(Patience, Token)}");
        Assert.Contains(server.Process.ErrorLines, line =>
            line.Contains("crit: ", StringComparison.Ordinal) && line.Contains("Npgsql", StringComparison.Ordinal));
        await server.StartAgainAsync();
        Assert.Equal(200, await server.ReadinessAsync());
    }
}
