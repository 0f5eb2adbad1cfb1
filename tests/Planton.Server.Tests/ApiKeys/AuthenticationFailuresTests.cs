using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Planton.Server.ApiKeys;
using Planton.Server.Audit;
using Planton.Server.Storage;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.ApiKeys;

public sealed class AuthenticationFailuresTests
{
    private readonly CollectedAudit _audit = new();
    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AFloodOnOneKeyIsRecordedTenTimes_ThenCounted_AndStillRefused()
    {
        await using var server = await ServerFixture.StartAsync();
        var key = await server.AddUserAsync("kim", expiresAt: TimeProvider.System.GetUtcNow().AddDays(-1));
        using var client = server.HttpClient(key);
        for (var call = 0; call < 35; call++)
        {
            using var response = await client.GetAsync("api/v1/me", Cancellation);
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        }

        Assert.Equal(10, (await RecordsAsync(server)).Count);
        await server.Get<AuthenticationFailures>().EndWindowAsync(Cancellation);
        var sum = (await RecordsAsync(server))[^1];
        Assert.Equal(("25 more in this minute, not recorded singly", key[4..16], AuditOutcome.Denied), (sum.Detail, sum.ApiKeyId, sum.Outcome));
        Assert.Equal($"holder of key {key[4..16]}", sum.ActorName);
        Assert.Single(server.Log.Text.Split('\n'), line => line.Contains("was refused more than 10 times in a minute", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AtAStop_WhatWasOnlyCountedIsRecorded()
    {
        using var folder = new TemporaryFolder();
        await using (var server = await ServerFixture.StartInAsync(folder))
        {
            var key = await server.AddUserAsync("kim", expiresAt: TimeProvider.System.GetUtcNow().AddDays(-1));
            using var client = server.HttpClient(key);
            for (var call = 0; call < 12; call++)
                (await client.GetAsync("api/v1/me", Cancellation)).Dispose();
        }

        await using var again = await ServerFixture.StartInAsync(folder);
        Assert.StartsWith("2 more", (await RecordsAsync(again))[^1].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void TheFirstTenOfEachKeyAreForTheRecord_WhateverOthersDo()
    {
        using var failures = Make();
        for (var turn = 1; turn <= 15; turn++)
        {
            Assert.Equal(turn <= AuthenticationFailures.MaxRecorded, failures.Note(Key("a")));
            Assert.Equal(turn <= AuthenticationFailures.MaxRecorded, failures.Note(Key("b")));
        }
    }

    [Fact]
    public async Task AMinuteLaterItBeginsAnew_AndWhatWasUnderTheBoundIsNotRecordedAgain()
    {
        using var failures = Make();
        for (var turn = 0; turn < 12; turn++)
            failures.Note(Key("a"));
        failures.Note(Key("b"));
        await failures.EndWindowAsync(Cancellation);
        var entry = Assert.Single(_audit.Entries);
        Assert.Equal(("api-key/a", "2 more in this minute, not recorded singly"), (entry.Resource, entry.Detail));
        Assert.True(failures.Note(Key("a")));
        await failures.EndWindowAsync(Cancellation);
        Assert.Single(_audit.Entries);
    }

    [Fact]
    public async Task TheMinuteEndsByItself()
    {
        using var failures = Make();
        await failures.StartAsync(Cancellation);
        for (var turn = 0; turn < 11; turn++)
            failures.Note(Key("a"));
        await Expect.EventuallyAsync("the minute is recorded", () =>
        {
            // The timer is made by a task of its own: time passes until it has seen it.
            _time.Advance(AuthenticationFailures.Window);
            return Task.FromResult(!_audit.Entries.IsEmpty);
        });
        Assert.Equal("1 more in this minute, not recorded singly", Assert.Single(_audit.Entries).Detail);
        await failures.StopAsync(Cancellation);
    }

    [Fact]
    public async Task KeysWithoutEndAreCountedTogether()
    {
        using var failures = Make();
        for (var key = 0; key < AuthenticationFailures.MaxKeys; key++)
            Assert.True(failures.Note(Key($"k{key}")));
        for (var key = 0; key < 50; key++)
            Assert.False(failures.Note(Key($"more{key}")));
        Assert.True(failures.Note(Key("k0")), "a key that is told apart already stays so");
        await failures.EndWindowAsync(Cancellation);
        var entry = Assert.Single(_audit.Entries);
        Assert.Equal(("api-key/others", "anonymous"), (entry.Resource, entry.Actor.Kind));
        Assert.StartsWith("50 more", entry.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FromManyThreadsAtOnce_ExactlyTenAreRecordedAndTheRestCounted()
    {
        using var failures = Make();
        var recorded = 0;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(
            () =>
            {
                for (var turn = 0; turn < 1_000; turn++)
                    Interlocked.Add(ref recorded, failures.Note(Key("a")) ? 1 : 0);
            },
            Cancellation)));
        await failures.EndWindowAsync(Cancellation);
        Assert.Equal(10, recorded);
        Assert.StartsWith("7990 more", Assert.Single(_audit.Entries).Detail, StringComparison.Ordinal);
    }

    private static ApiKeyEntity Key(string id) => new()
    {
        Id = id, UserId = "kim", SecretHash = [1], Fingerprint = "f", CreatedAt = DateTimeOffset.UnixEpoch,
    };

    private static Task<List<AuditRecordEntity>> RecordsAsync(ServerFixture server) => server.QueryAsync(context =>
        context.AuditRecords.Where(record => record.Action == AuditAction.Authenticate).OrderBy(record => record.Sequence).ToListAsync(Cancellation));

    private AuthenticationFailures Make() => new(_audit, _time, NullLogger<AuthenticationFailures>.Instance);

    private sealed class CollectedAudit : IAuditLog
    {
        public System.Collections.Concurrent.ConcurrentQueue<AuditEntry> Entries { get; } = new();

        public Task RecordAsync(AuditEntry entry, CancellationToken cancellationToken)
        {
            Entries.Enqueue(entry);
            return Task.CompletedTask;
        }

        public void Append(ControlPlaneContext context, AuditEntry entry) => throw new NotSupportedException();
    }
}
