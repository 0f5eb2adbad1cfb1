using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Planton.Api.Errors;
using Planton.Server.Audit;
using Planton.Server.Errors;
using Planton.Server.Quotas;
using Planton.Server.Storage;

namespace Planton.Server.Tests.Audit;

/// <summary>How denials are counted: the counter alone, with a clock that the test moves.</summary>
public sealed class AuditDenialsTests
{
    private static readonly int Singly = new QuotaOptions().CallerDenialsRecorded;

    private readonly CollectedAudit _audit = new();
    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TheFirstTenOfEachCallerActionAndCodeAreRecorded_WhateverOthersDo()
    {
        using var denials = Make();
        for (var turn = 1; turn <= 15; turn++)
        {
            foreach (var entry in (AuditEntry[])[Denied("a"), Denied("b"), Denied("a") with { Action = "other" }, Denied("a") with { Code = ErrorCode.QuotaExceeded }])
            {
                var before = _audit.Entries.Count;
                await denials.RecordAsync(entry, Cancellation);
                Assert.Equal(before + (turn <= Singly ? 1 : 0), _audit.Entries.Count);
            }
        }

        Assert.Equal(4 * Singly, _audit.Entries.Count);
    }

    [Fact]
    public async Task WhatWasNotDeniedIsAlwaysRecorded()
    {
        using var denials = Make();
        for (var turn = 0; turn < 50; turn++)
        {
            await denials.RecordAsync(Denied("a") with { Outcome = AuditOutcome.Allowed }, Cancellation);
            await denials.RecordAsync(Denied("a") with { Outcome = AuditOutcome.Failed }, Cancellation);
        }

        Assert.Equal(100, _audit.Entries.Count);
    }

    [Fact]
    public async Task AMinuteLaterCountingStartsAgain_AndWhatWasUnderTheBoundIsNotRecordedAgain()
    {
        using var denials = Make();
        await RecordAsync(denials, "a", 12);
        await RecordAsync(denials, "b", 1);
        _audit.Entries.Clear();
        await denials.EndWindowAsync(Cancellation);
        var entry = Assert.Single(_audit.Entries);
        Assert.Equal(("a", "thing/1", "2 more in this minute, not recorded singly"), (entry.Actor.Name, entry.Resource, entry.Detail));
        Assert.Equal((AuditOutcome.Denied, ErrorCode.PermissionDenied, "org-1"), (entry.Outcome, entry.Code, entry.OrganizationId));
        await RecordAsync(denials, "a", 1);
        Assert.Equal(2, _audit.Entries.Count);
        await denials.EndWindowAsync(Cancellation);
        Assert.Equal(2, _audit.Entries.Count);
    }

    [Fact]
    public async Task TheMinuteEndsByItself()
    {
        using var denials = Make();
        await denials.StartAsync(Cancellation);
        await RecordAsync(denials, "a", 11);
        await Eventually.BecomesTrueAsync(
            () =>
            {
                // A background task creates the timer: advance the clock until it has.
                _time.Advance(AuditDenials.Window);
                return _audit.Entries.Count > 10;
            },
            "the minute is recorded", cancellationToken: Cancellation);
        Assert.Equal("1 more in this minute, not recorded singly", _audit.Entries.Last().Detail);
        await denials.StopAsync(Cancellation);
    }

    [Fact]
    public async Task OfSeveralThings_TheCountNamesNone()
    {
        using var denials = Make();
        for (var turn = 0; turn < 20; turn++)
            await denials.RecordAsync(Denied("a") with { Resource = string.Create(CultureInfo.InvariantCulture, $"thing/{turn}") }, Cancellation);
        await denials.EndWindowAsync(Cancellation);
        Assert.Equal("several", _audit.Entries.Last().Resource);
    }

    [Fact]
    public async Task CallersBeyondTheBoundAreCountedTogether()
    {
        using var denials = Make();
        for (var caller = 0; caller < AuditDenials.MaxKinds; caller++)
            await RecordAsync(denials, $"k{caller}", 1);
        Assert.Equal(AuditDenials.MaxKinds, _audit.Entries.Count);
        for (var caller = 0; caller < 50; caller++)
            await RecordAsync(denials, $"more{caller}", 1);
        Assert.Equal(AuditDenials.MaxKinds, _audit.Entries.Count);
        await RecordAsync(denials, "k0", 1);
        Assert.True(_audit.Entries.Count == AuditDenials.MaxKinds + 1, "a caller that has its own count keeps it");
        await denials.EndWindowAsync(Cancellation);
        var entry = _audit.Entries.Last();
        Assert.Equal(("anonymous", "50 more in this minute, not recorded singly"), (entry.Actor.Kind, entry.Detail));
    }

    [Fact]
    public async Task FromManyThreadsAtOnce_ExactlyTenAreRecordedAndTheRestCounted()
    {
        using var denials = Make();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => RecordAsync(denials, "a", 1_000), Cancellation)));
        Assert.Equal(Singly, _audit.Entries.Count);
        await denials.EndWindowAsync(Cancellation);
        Assert.StartsWith("7990 more", _audit.Entries.Last().Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenTheOrganizationsBacklogIsFull_TheDenialStands_AndIsCounted()
    {
        using var denials = Make();
        _audit.Failure = new AuditBacklogException(new Error(ErrorCode.QuotaExceeded, "full"));
        await RecordAsync(denials, "a", 3);
        _audit.Failure = null;
        await denials.EndWindowAsync(Cancellation);
        Assert.StartsWith("3 more", Assert.Single(_audit.Entries).Detail, StringComparison.Ordinal);
    }

    private static async Task RecordAsync(AuditDenials denials, string caller, int times)
    {
        for (var turn = 0; turn < times; turn++)
            await denials.RecordAsync(Denied(caller), Cancellation);
    }

    private static AuditEntry Denied(string caller) => new()
    {
        OperationId = "1", OrganizationId = "org-1", Actor = new AuditActor("user", caller, caller, caller), Action = "thing.make", Resource = "thing/1",
        Outcome = AuditOutcome.Denied, Code = ErrorCode.PermissionDenied,
    };

    private AuditDenials Make() => new(_audit, new QuotaOptions(), _time, NullLogger<AuditDenials>.Instance);

    private sealed class CollectedAudit : IAuditLog
    {
        public ConcurrentQueue<AuditEntry> Entries { get; } = new();

        public Exception? Failure { get; set; }

        public Task RecordAsync(AuditEntry entry, CancellationToken cancellationToken)
        {
            if (Failure is { } failure)
                return Task.FromException(failure);
            Entries.Enqueue(entry);
            return Task.CompletedTask;
        }

        public void Append(ControlPlaneContext context, AuditEntry entry) => throw new NotSupportedException();
    }
}
