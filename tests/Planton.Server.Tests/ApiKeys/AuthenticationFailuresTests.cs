using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Planton.Server.ApiKeys;
using Planton.Server.Audit;
using Planton.Server.Storage;

namespace Planton.Server.Tests.ApiKeys;

/// <summary>How refusals are counted: the counter alone, with a clock that the test moves.</summary>
public sealed class AuthenticationFailuresTests
{
    private readonly CollectedAudit _audit = new();
    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void TheFirstTenOfEachKeyAreRecorded_WhateverOthersDo()
    {
        using var failures = Make();
        for (var turn = 1; turn <= 15; turn++)
        {
            Assert.Equal(turn <= AuthenticationFailures.MaxRecorded, failures.Note(Key("a")));
            Assert.Equal(turn <= AuthenticationFailures.MaxRecorded, failures.Note(Key("b")));
        }
    }

    [Fact]
    public async Task AMinuteLaterCountingStartsAgain_AndWhatWasUnderTheBoundIsNotRecordedAgain()
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
        await Eventually.BecomesTrueAsync(
            () =>
            {
                // A background task creates the timer: advance the clock until it has.
                _time.Advance(AuthenticationFailures.Window);
                return !_audit.Entries.IsEmpty;
            },
            "the minute is recorded", cancellationToken: Cancellation);
        Assert.Equal("1 more in this minute, not recorded singly", Assert.Single(_audit.Entries).Detail);
        await failures.StopAsync(Cancellation);
    }

    [Fact]
    public async Task KeysBeyondTheBoundAreCountedTogether()
    {
        using var failures = Make();
        for (var key = 0; key < AuthenticationFailures.MaxKeys; key++)
            Assert.True(failures.Note(Key($"k{key}")));
        for (var key = 0; key < 50; key++)
            Assert.False(failures.Note(Key($"more{key}")));
        Assert.True(failures.Note(Key("k0")), "a key that has its own count keeps it");
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
