using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Planton.Server.Audit;
using Planton.Server.Encryption;
using Planton.Server.Hosting;
using Planton.Server.Storage;
using Planton.Server.Tests.Fixture;
using Planton.Testing.Logging;

namespace Planton.Server.Tests.Audit;

/// <summary>The file that says where the trail was seen to end: when it is written, and under which key.</summary>
public sealed class AuditMarkTests : IDisposable
{
    private static readonly ServerOptions Options = new();

    private readonly TemporaryFolder _folder = new();
    private readonly DataDirectory _data;
    private readonly MasterKey _key = new(new byte[MasterKey.KeyBytes]);
    private readonly MasterKey _next = new(Enumerable.Repeat((byte)1, MasterKey.KeyBytes).ToArray());
    private readonly FakeTimeProvider _time = new();
    private readonly TestLogs _logs = new();
    private readonly AuditMark _mark;

    public AuditMarkTests()
    {
        _data = DataDirectory.Open(_folder.Data);
        _mark = new AuditMark(_data, _key, Options);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _data.Dispose();
        _folder.Dispose();
        _logs.Dispose();
    }

    [Fact]
    public async Task UnderLoadItIsWrittenOnceAnInterval_WithTheLatestPlace()
    {
        using var writer = await WriterAsync();
        _mark.Note(Place(1));
        await BecomesAsync(1);
        for (var sequence = 2; sequence <= 1000; sequence++)
            _mark.Note(Place(sequence));
        Assert.Equal(Place(1), Read());
        await Eventually.BecomesTrueAsync(
            () =>
            {
                _time.Advance(Options.AuditMarkInterval);
                return Read() == Place(1000);
            },
            "the latest place is written", cancellationToken: Cancellation);
        await writer.StopAsync(Cancellation);
    }

    [Fact]
    public async Task TheStopWritesWhatIsLeft()
    {
        using var writer = await WriterAsync();
        _mark.Note(Place(1));
        await BecomesAsync(1);
        _mark.Note(Place(2));
        await writer.StopAsync(Cancellation);
        Assert.Equal(Place(2), Read());
        Assert.Equal("600", FileModes.Of(_data.PathOf(AuditMark.FileName)));
    }

    [Fact]
    public async Task WhenItCannotBeWritten_ThatIsSaidOnce_AndItIsWrittenLater()
    {
        // A folder in its place: what cannot be replaced by a file, also by root.
        Directory.CreateDirectory(_data.PathOf(AuditMark.FileName));
        using var writer = await WriterAsync();
        _mark.Note(Place(1));
        await _logs.WaitForAsync(record => record.Message.Contains("audit-mark.sealed could not be written", StringComparison.Ordinal), "the fault", cancellationToken: Cancellation);
        _time.Advance(Options.AuditMarkInterval);
        _time.Advance(Options.AuditMarkInterval);
        Directory.Delete(_data.PathOf(AuditMark.FileName));
        await Eventually.BecomesTrueAsync(
            () =>
            {
                _time.Advance(Options.AuditMarkInterval);
                return File.Exists(_data.PathOf(AuditMark.FileName));
            },
            "the mark is written", cancellationToken: Cancellation);
        await writer.StopAsync(Cancellation);
        Assert.Equal(Place(1), Read());
        Assert.Single(_logs.Records, record => record.Message.Contains("could not be written", StringComparison.Ordinal));
    }

    [Fact]
    public void CommitsAreNotedInAnyOrder_AndTheLatestStays()
    {
        Parallel.For(1, 1000, new ParallelOptions { CancellationToken = Cancellation }, sequence => _mark.Note(Place(sequence)));
        Assert.Equal(Place(999), _mark.Last);
    }

    [Fact]
    public async Task WhileTheMasterKeyChanges_ItOpensUnderWhicheverKeyTheDatabaseIs()
    {
        _mark.Note(Place(7));
        await _mark.WriteAsync(Cancellation);
        await _mark.WriteNextAsync(_next, Cancellation);
        Assert.Equal((Place(7), Place(7)), (Read(_key), Read(_next)));
        _mark.TakeNext();
        Assert.Equal((null, Place(7)), (Read(_key), Read(_next)));
        Assert.False(File.Exists(_data.PathOf(AuditMark.NextFileName)));
    }

    [Fact]
    public async Task WhatIsLeftOfAnotherKey_GoesWithTheNextWriting()
    {
        _mark.Note(Place(7));
        await _mark.WriteAsync(Cancellation);
        await _mark.WriteNextAsync(_next, Cancellation);
        _mark.Note(Place(8));
        await _mark.WriteAsync(Cancellation);
        Assert.False(File.Exists(_data.PathOf(AuditMark.NextFileName)));
        Assert.Equal((Place(8), null), (Read(_key), Read(_next)));
    }

    private static AuditPlace Place(long sequence) => new(sequence, sequence.ToString("x64", System.Globalization.CultureInfo.InvariantCulture));

    private async Task<AuditMarkWriter> WriterAsync()
    {
        var writer = new AuditMarkWriter(_mark, Options, _time, new LoggerFactory([_logs]).CreateLogger<AuditMarkWriter>());
        await writer.StartAsync(Cancellation);
        return writer;
    }

    private Task BecomesAsync(long sequence) =>
        Eventually.BecomesTrueAsync(() => Read() == Place(sequence), $"the mark is at {sequence}", cancellationToken: Cancellation);

    private AuditPlace? Read(MasterKey? key = null)
    {
        var mark = new AuditMark(_data, key ?? _key, Options);
        mark.Load();
        return mark.Last;
    }
}
