using System.Collections.Concurrent;
using System.Data.Common;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Npgsql;
using Planton.Api;
using Planton.Api.Client;
using Planton.Server.Tests.Fixture;
using Planton.Testing.Processes;

namespace Planton.Server.Tests.Credentials;

/// <summary>The program, killed while it generates credentials: what it answered is kept, and nothing is half made.</summary>
public sealed class KilledServerTests : IDisposable
{
    private const int Rounds = 20;
    private const int Clients = 4;

    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentBag<string> _answered = [];
    private int _number;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string[] Database => TestDatabase.IsPostgreSql ? ["--database", PostgreSqlCluster.UrlOf(_folder)] : [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task KilledAtRandomTimes_EveryRunnerIsWhole_AndEveryKeyThatWasAnsweredWorks()
    {
        var random = new Random(20);
        for (var round = 0; round < Rounds; round++)
        {
            await using (var server = ProgramProcess.Start(
                Path.Combine(AppContext.BaseDirectory, "planton-server.dll"),
                ["--data", _folder.Data, "--http", "127.0.0.1:0", "--tunnel", "127.0.0.1:0", "--log-level", "warn", .. Database]))
            {
                using var http = await ConnectAsync(server);
                var clients = Enumerable.Range(0, Clients).Select(_ => GenerateUntilItEndsAsync(http)).ToList();
                // After so many answers, and a moment that differs each time: in the middle of something, wherever that is.
                var answers = _answered.Count + random.Next(1, 12);
                await Expect.EventuallyAsync("credentials are generated", () => Task.FromResult(_answered.Count >= answers));
                for (var spin = random.Next(2_000_000); spin > 0; spin--)
                    Thread.SpinWait(1);
                server.Signal(ProcessSignal.Kill);
                Assert.Equal(128 + 9, await server.WaitForExitAsync(cancellationToken: Cancellation));
                await Task.WhenAll(clients);
            }

            AssertWhole();
        }

        Assert.True(_answered.Count >= Rounds, "hardly anything was generated");
        await using var restarted = await ServerFixture.StartInAsync(_folder);
        foreach (var key in _answered)
            Assert.NotNull((await restarted.Client(key).GetCallerAsync(Cancellation)).Runner);
    }

    private async Task<HttpClient> ConnectAsync(ProgramProcess server)
    {
        var file = Path.Combine(_folder.Data, "addresses.json");
        await Planton.Testing.Eventually.BecomesTrueAsync(
            () => server.HasExited || (File.Exists(file) && File.ReadAllText(file).Contains($"{server.Id}", StringComparison.Ordinal)),
            "the server is ready", TimeSpan.FromSeconds(60), Cancellation);
        Assert.False(server.HasExited, server.Describe());
        var addresses = JsonSerializer.Deserialize(await File.ReadAllBytesAsync(file, Cancellation), PlantonJson.Default.ServerAddresses)!;
        var key = await File.ReadAllTextAsync(Path.Combine(_folder.Data, "initial-admin-key"), Cancellation);
        return new HttpClient
        {
            BaseAddress = new Uri(addresses.Http),
            DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", key.Trim()) },
            Timeout = TimeSpan.FromSeconds(30),
        };
    }

    private async Task GenerateUntilItEndsAsync(HttpClient http)
    {
        var client = new PlantonApiClient(http);
        try
        {
            while (true)
            {
                var name = $"r{Interlocked.Increment(ref _number)}";
                _answered.Add((await client.GenerateCredentialsAsync("default", name, Cancellation)).Credentials.ApiKey!);
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            // The server is gone, which is what this is about.
        }
    }

    // Names are quoted as both databases take them.
    private void AssertWhole()
    {
        using var database = Open();
        database.Open();
        if (database is SqliteConnection)
        {
            Assert.Equal("ok", Ask(database, "PRAGMA integrity_check"));
            Assert.Null(Ask(database, "PRAGMA foreign_key_check"));
        }

        Assert.Equal(0L, Ask(database, """SELECT count(*) FROM runners WHERE "ServiceAccountId" IS NULL"""));
        Assert.Equal(0L, Ask(database, """SELECT count(*) FROM runners r WHERE NOT EXISTS (SELECT 1 FROM runner_credentials c WHERE c."RunnerId" = r."Id")"""));
        Assert.Equal(0L, Ask(
            database,
            """SELECT count(*) FROM runner_credentials c WHERE NOT EXISTS (SELECT 1 FROM api_keys k WHERE k."Id" = c."ApiKeyId" AND k."CredentialId" = c."Id")"""));
        Assert.Equal(0L, Ask(database, """SELECT count(*) FROM service_accounts s WHERE NOT EXISTS (SELECT 1 FROM memberships m WHERE m."ServiceAccountId" = s."Id")"""));
        var runners = Ask(database, "SELECT count(*) FROM runners");
        Assert.Equal(runners, Ask(database, """SELECT count(*) FROM audit_records WHERE "Action" = 'runner.register'"""));
        Assert.Equal(runners, Ask(database, """SELECT count(*) FROM audit_records WHERE "Action" = 'runner.generate-credentials'"""));
        Assert.True((long)runners! >= _answered.Count, $"{_answered.Count} were answered, {runners} are kept");
    }

    private DbConnection Open() => TestDatabase.Of(_folder) is { } url
        ? new NpgsqlConnection(url.ConnectionString + ";Pooling=false")
        : new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = Path.Combine(_folder.Data, "planton.db"), Mode = SqliteOpenMode.ReadWrite, Pooling = false,
        }.ToString());

    private static object? Ask(DbConnection database, string question)
    {
        using var command = database.CreateCommand();
        command.CommandText = question;
        return command.ExecuteScalar();
    }
}
