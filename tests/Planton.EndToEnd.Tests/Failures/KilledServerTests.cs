using Planton.Api.Client;
using Planton.EndToEnd.Tests.Installations;
using Planton.Testing.Processes;

namespace Planton.EndToEnd.Tests.Failures;

/// <summary>
/// A control plane killed (SIGKILL) at random points while it makes and ends credentials and runners: what it answered holds,
/// nothing is half made or half ended, and the audit trail is whole. On both databases: what a commit keeps is theirs to prove.
/// </summary>
[Trait("Category", "Slow")]
public abstract class KilledServerTests(DatabaseKind database, ITestOutputHelper output)
{
    private const int Runners = 4;
    private const int MostCommandsOfALife = 8;

    // 128 and the number of the signal.
    private const int Killed = 137;

    // Each query counts rows for which what must hold does not.
    private static readonly (string What, string Query)[] Half =
    [
        ("runners with credentials and without a service account",
            """SELECT count(*) FROM runner_credentials c JOIN runners r ON r."Id" = c."RunnerId" LEFT JOIN service_accounts s ON s."Id" = r."ServiceAccountId" WHERE s."Id" IS NULL"""),
        ("credentials without their API key",
            """SELECT count(*) FROM runner_credentials c LEFT JOIN api_keys k ON k."Id" = c."ApiKeyId" AND k."CredentialId" = c."Id" WHERE k."Id" IS NULL"""),
        ("API keys of credentials that do not exist",
            """SELECT count(*) FROM api_keys k LEFT JOIN runner_credentials c ON c."Id" = k."CredentialId" WHERE k."CredentialId" IS NOT NULL AND c."Id" IS NULL"""),
        ("runners without any credentials",
            """SELECT count(*) FROM runners r WHERE NOT EXISTS (SELECT 1 FROM runner_credentials c WHERE c."RunnerId" = r."Id")"""),
        ("revoked credentials with a good API key",
            """SELECT count(*) FROM runner_credentials c JOIN api_keys k ON k."Id" = c."ApiKeyId" WHERE (c."RevokedAt" IS NULL) <> (k."RevokedAt" IS NULL)"""),
        ("service accounts of deleted runners",
            """SELECT count(*) FROM service_accounts s LEFT JOIN runners r ON r."Id" = s."RunnerId" WHERE s."RunnerId" IS NOT NULL AND r."Id" IS NULL"""),
        ("runners whose account is no member",
            """SELECT count(*) FROM runners r WHERE r."OrganizationId" IS NOT NULL AND NOT EXISTS (SELECT 1 FROM memberships m WHERE m."ServiceAccountId" = r."ServiceAccountId")"""),
        ("credentials without their audit record",
            """SELECT count(*) FROM runner_credentials c WHERE NOT EXISTS (SELECT 1 FROM audit_records a WHERE a."Detail" LIKE '%credential ' || c."Id" || ',%')"""),
    ];

    // PostgreSQL has no such check and needs none: it enforces foreign keys on every connection, SQLite where a connection asks.
    private const string BrokenForeignKeys = "SELECT count(*) FROM pragma_foreign_key_check";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WhenKilledBetweenCommands_WhatItAnsweredHolds_NothingIsHalf_AndTheTrailIsWhole()
    {
        var seed = Sizes.Seed;
        output.WriteLine($"PLANTON_TEST_SEED={seed}");
        var random = new Random(seed);
        await using var installation = await PlantonInstallation.StartAsync(database);
        // Each begins with another command, and has what every command needs: one that ends something is as likely as one that makes something.
        var first = random.Next(RunnerLedger.Commands.Count);
        var ledgers = Enumerable.Range(first, Runners).Select(number => new RunnerLedger($"runner-{number - first}", number)).ToList();
        await Task.WhenAll(ledgers.Select(ledger => ledger.FillAsync(installation.Api)));
        for (var kills = 0; kills < Sizes.Kills; kills++)
        {
            // After a random number of a life's commands, and at a random point within the next. In the first life each runner has one
            // answered, and so every kind of command has been.
            var enough = ledgers.Sum(ledger => ledger.Answered) + random.Next(MostCommandsOfALife);
            var clients = ledgers.Select(ledger => CommandUntilItEndsAsync(installation.Api, ledger, new Random(random.Next()))).ToList();
            await Eventually.BecomesTrueAsync(
                () => clients.Exists(client => client.IsCompleted)
                    || (ledgers.Sum(ledger => ledger.Answered) >= enough && ledgers.TrueForAll(ledger => ledger.Answered > 0)),
                "commands are answered", cancellationToken: Token);
            for (var spin = random.Next(2_000_000); spin > 0; spin--)
                Thread.SpinWait(1);
            await NoneHasEndedAsync(clients, installation.Server.Process);
            installation.Server.Process.Signal(ProcessSignal.Kill);
            var code = await installation.Server.Process.WaitForExitAsync(cancellationToken: Token);
            Assert.True(code == Killed, $"the server ended by itself, with exit code {code}\n{installation.Server.Process.Describe()}");
            await Task.WhenAll(clients);
            var verified = await installation.Server.RunCommandAsync("audit", "verify");
            Assert.True(verified.ExitCode == 0, verified.ToString());
            Assert.All(await CountHalfAsync(installation.Server), half => Assert.True(half.Count == 0, $"{half.Count} {half.What}"));
            await installation.Server.StartAgainAsync(Token);
            await Task.WhenAll(ledgers.Select(ledger => ledger.CheckAsync(installation.Server.Addresses.Http)));
        }

        foreach (var command in RunnerLedger.Commands)
        {
            var answered = ledgers.Sum(ledger => ledger.AnsweredOf(command));
            output.WriteLine($"{command}: {answered} were answered, {ledgers.Sum(ledger => ledger.CutOf(command))} were cut");
            Assert.NotEqual(0, answered);
        }

        Assert.NotEqual(0, ledgers.Sum(ledger => RunnerLedger.Commands.Sum(ledger.CutOf)));
    }

    // What ends a client before the kill is a fault, however the server goes on.
    private static async Task NoneHasEndedAsync(List<Task> clients, ProgramProcess server)
    {
        if (clients.Find(client => client.IsCompleted) is not { } ended)
            return;
        await ended;
        Assert.Fail($"a command was cut before the server was killed\n{server.Describe()}");
    }

    private static async Task CommandUntilItEndsAsync(PlantonApiClient api, RunnerLedger ledger, Random random)
    {
        while (await ledger.CommandAsync(api, random))
        {
            // One after the other, until the server is killed.
        }
    }

    private static async Task<List<(string What, long Count)>> CountHalfAsync(ServerProgram server)
    {
        var counts = new List<(string, long)>();
        foreach (var (what, query) in Half)
            counts.Add((what, await server.CountAsync(query)));
        if (server.Database == DatabaseKind.Sqlite)
            counts.Add(("rows whose parent is missing", await server.CountAsync(BrokenForeignKeys)));
        return counts;
    }
}

public sealed class KilledServerTestsOnSqlite(ITestOutputHelper output) : KilledServerTests(DatabaseKind.Sqlite, output);

public sealed class KilledServerTestsOnPostgreSql(ITestOutputHelper output) : KilledServerTests(DatabaseKind.PostgreSql, output);
