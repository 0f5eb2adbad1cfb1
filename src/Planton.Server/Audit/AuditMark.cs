using System.Threading.Channels;
using Planton.Server.Encryption;
using Planton.Server.Hosting;
using Planton.Server.Storage;

namespace Planton.Server.Audit;

/// <summary>
/// Where this server has seen the trail end, in memory and in a file outside the database, sealed under the master key. A database
/// that is put back to an earlier state has a genuine head, but ends before the mark. The mark is written after the commit, and not
/// with each: the database may be ahead of it by any number of records, and never behind.
/// </summary>
internal sealed class AuditMark(DataDirectory data, MasterKey masterKey, ServerOptions options)
{
    public const string FileName = "audit-mark.sealed";

    /// <summary>Beside it while the master key is changed: under the next key, for when the database is.</summary>
    public const string NextFileName = "audit-mark.new";

    private const string Purpose = "audit-mark";

    // One is enough: whoever writes takes the latest place.
    private readonly Channel<bool> _changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Lock _lock = new();
    private AuditPlace? _last;
    private AuditPlace? _written;
    private bool _genuine = true;

    /// <summary>The latest place that was committed here or is in the file; null when this folder has seen none.</summary>
    public AuditPlace? Last
    {
        get
        {
            lock (_lock)
                return _last;
        }
    }

    /// <summary>Has an item while there is a place to be written.</summary>
    public ChannelReader<bool> Changes => _changes.Reader;

    /// <summary>Reads the file. One that does not open is remembered as not genuine: see <see cref="FaultOf"/>.</summary>
    public void Load()
    {
        string[] files = [.. new[] { FileName, NextFileName }.Select(data.PathOf).Where(File.Exists)];
        lock (_lock)
        {
            foreach (var file in files)
            {
                if (!masterKey.TryOpen(Purpose, File.ReadAllBytes(file), out var plain) || AuditPlace.Parse(plain) is not { } place)
                    continue;
                if (file == data.PathOf(FileName))
                    _written = place;
                if (!(_last?.Sequence >= place.Sequence))
                    _last = place;
            }

            _genuine = files.Length == 0 || _last is not null;
        }
    }

    /// <summary>To be called after a commit. Commits are noted in any order; the latest place stays.</summary>
    public void Note(AuditPlace place)
    {
        lock (_lock)
        {
            if (_last?.Sequence >= place.Sequence)
                return;
            _last = place;
        }

        Ask();
    }

    /// <summary>Takes a place that may be earlier than the mark: a rollback that is accepted.</summary>
    public void Accept(AuditPlace place)
    {
        lock (_lock)
            (_last, _genuine) = (place, true);
        Ask();
    }

    /// <summary>Asks for the place to be written by and by.</summary>
    public void Ask() => _changes.Writer.TryWrite(true);

    /// <summary>Writes the latest place, if the file does not hold it already.</summary>
    public async Task WriteAsync(CancellationToken cancellationToken)
    {
        AuditPlace place;
        lock (_lock)
        {
            if (_last is null || _last == _written)
                return;
            place = _last;
        }

        await AtomicFile.WriteAsync(data.PathOf(FileName), masterKey.Seal(Purpose, place.ToBytes()), cancellationToken).ConfigureAwait(false);
        File.Delete(data.PathOf(NextFileName));
        lock (_lock)
            _written = place;
    }

    /// <summary>Before the database is committed under the master key <paramref name="next"/>: whichever key it is under then, one of the two files opens.</summary>
    public Task WriteNextAsync(MasterKey next, CancellationToken cancellationToken) => Last is { } place
        ? AtomicFile.WriteAsync(data.PathOf(NextFileName), next.Seal(Purpose, place.ToBytes()), cancellationToken)
        : Task.CompletedTask;

    /// <summary>After that commit.</summary>
    public void TakeNext()
    {
        if (File.Exists(data.PathOf(NextFileName)))
            File.Move(data.PathOf(NextFileName), data.PathOf(FileName), overwrite: true);
    }

    /// <summary>
    /// What speaks against a trail that ends at <paramref name="head"/>; null when nothing does, which includes a trail that is ahead.
    /// </summary>
    /// <param name="seen"><see cref="Last"/>, from before the head was read: records are added meanwhile.</param>
    /// <param name="head">A genuine one.</param>
    public string? FaultOf(AuditPlace? seen, AuditHeadEntity head)
    {
        if (!_genuine)
            return $"{FileName} was altered, or sealed under another master key";
        // Another server of the same database may have none yet; a file that the database lies beside was removed.
        if (seen is null)
            return options.Database is null ? $"{FileName} is missing" : null;
        if (head.Sequence < seen.Sequence)
            return $"it ends at record {head.Sequence}, and this server has seen record {seen.Sequence}";
        return head.Sequence == seen.Sequence && head.Hash != seen.Hash
            ? $"record {head.Sequence} is another one than this server has seen there"
            : null;
    }
}
