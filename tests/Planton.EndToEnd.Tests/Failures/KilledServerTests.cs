using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Planton.Api.Client;
using Planton.Api.Runners;
using Planton.EndToEnd.Tests.Installations;
using Planton.Testing.Processes;

namespace Planton.EndToEnd.Tests.Failures;

/// <summary>A control plane killed (SIGKILL) at random points while it makes credentials: what it answered holds, and nothing is half made.</summary>
[Trait("Category", "Slow")]
public sealed class KilledServerTests(ITestOutputHelper output)
{
    private const int Commands = 200;
    private const int Parallel = 4;
    private const int CommandsPerLife = 20;

    // What must be true of every row, as queries for those of which it is not.
    private static readonly (string What, string Query)[] Half =
    [
        ("runners with credentials and without a service account",
            "SELECT count(*) FROM runner_credentials c JOIN runners r ON r.Id = c.RunnerId LEFT JOIN service_accounts s ON s.Id = r.ServiceAccountId WHERE s.Id IS NULL"),
        ("credentials without their API key", "SELECT count(*) FROM runner_credentials c LEFT JOIN api_keys k ON k.Id = c.ApiKeyId AND k.CredentialId = c.Id WHERE k.Id IS NULL"),
        ("API keys of credentials that are not there", "SELECT count(*) FROM api_keys k LEFT JOIN runner_credentials c ON c.Id = k.CredentialId WHERE k.CredentialId IS NOT NULL AND c.Id IS NULL"),
        ("runners without any credentials", "SELECT count(*) FROM runners r WHERE NOT EXISTS (SELECT 1 FROM runner_credentials c WHERE c.RunnerId = r.Id)"),
        ("credentials without their audit record",
            "SELECT count(*) FROM runner_credentials c WHERE NOT EXISTS (SELECT 1 FROM audit_records a WHERE a.Detail LIKE '%credential ' || c.Id || ',%')"),
        ("rows whose parent is gone", "SELECT count(*) FROM pragma_foreign_key_check"),
    ];

    private readonly ConcurrentBag<RunnerCredentials> _answered = [];
    private int _unanswered;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WhenKilledWhileItMakesCredentials_WhatItAnsweredHolds_AndNothingIsHalfMade()
    {
        // Fixed, so that a failure can be looked at again.
        var random = new Random(20261123);
        await using var installation = await PlantonInstallation.StartAsync();
        for (var done = 0; done < Commands; done += CommandsPerLife)
        {
            // At a random one of a life's commands, and at a random point within it.
            var enough = _answered.Count + random.Next(CommandsPerLife - Parallel);
            var commands = GenerateAsync(installation.Api, done);
            await Eventually.BecomesTrueAsync(() => commands.IsCompleted || _answered.Count >= enough, "commands are answered", cancellationToken: Token);
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(30)), Token);
            installation.Server.Process.Signal(ProcessSignal.Kill);
            await installation.Server.Process.WaitForExitAsync(cancellationToken: Token);
            await commands;
            await installation.Server.StartAgainAsync(Token);
        }

        output.WriteLine($"{_answered.Count} commands were answered, {_unanswered} were cut");
        Assert.InRange(_unanswered, 1, Commands);
        Assert.NotEmpty(_answered);
        Assert.All(await CountHalfAsync(installation.Server.Data), half => Assert.True(half.Count == 0, $"{half.Count} {half.What}"));
        await AllAuthenticateAsync(installation.Server.Addresses.Http);
    }

    private Task GenerateAsync(PlantonApiClient api, int first) => System.Threading.Tasks.Parallel.ForAsync(
        first, first + CommandsPerLife, new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = Token }, async (i, cancelled) =>
        {
            try
            {
                // Some of a runner that is there, some of a new one.
                _answered.Add((await api.GenerateCredentialsAsync(PlantonInstallation.Organization, $"runner-{i - (i % 3)}", cancelled)).Credentials);
            }
            catch (Exception e) when (e is HttpRequestException or IOException)
            {
                Interlocked.Increment(ref _unanswered);
            }
        });

    private async Task AllAuthenticateAsync(string server)
    {
        foreach (var credentials in _answered)
        {
            using var http = new HttpClient { BaseAddress = new Uri(server + "/") };
            http.DefaultRequestHeaders.Authorization = PlantonApiClient.Bearer(credentials.ApiKey!);
            var caller = await new PlantonApiClient(http).GetCallerAsync(Token);
            Assert.Equal(credentials.Metadata!.RunnerId, caller.Runner?.Id);
        }
    }

    private static async Task<List<(string What, long Count)>> CountHalfAsync(string data)
    {
        var counts = new List<(string, long)>();
        await using var database = new SqliteConnection($"Data Source={Path.Combine(data, "planton.db")};Mode=ReadOnly");
        await database.OpenAsync(Token);
        foreach (var (what, query) in Half)
        {
            await using var command = database.CreateCommand();
            command.CommandText = query;
            counts.Add((what, (long)(await command.ExecuteScalarAsync(Token))!));
        }

        return counts;
    }
}
