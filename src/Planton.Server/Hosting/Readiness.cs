using Planton.Server.Storage;

namespace Planton.Server.Hosting;

/// <summary>
/// Whether the server can do its work, for however many ask: one probe at a time, whose result holds for a second. A probe that does not
/// come back goes on, and is a result by itself.
/// </summary>
internal sealed class Readiness(ReadinessProbe probe, TimeProvider time)
{
    /// <summary>How long a result holds.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromSeconds(1);

    /// <summary>How long a probe may take, and how long anybody waits for it.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private Attempt? _attempt;

    /// <summary>Null when it is ready.</summary>
    public async Task<Unready?> AskAsync(CancellationToken cancellationToken)
    {
        var attempt = Current();
        var left = Limit - time.GetElapsedTime(attempt.Began);
        if (!attempt.Result.IsCompleted && left <= TimeSpan.Zero)
            return attempt.TooLate;
        try
        {
            return await attempt.Result.WaitAsync(left > TimeSpan.Zero ? left : Limit, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return attempt.TooLate;
        }
    }

    /// <summary>To be called when a request failed by the database: what was good a moment ago need not be.</summary>
    public void Doubt()
    {
        lock (_gate)
        {
            if (_attempt is { Result.IsCompleted: true, WasGood: true })
                _attempt = null;
        }
    }

    private Attempt Current()
    {
        lock (_gate)
        {
            if (_attempt is null || (_attempt.Result.IsCompleted && time.GetElapsedTime(_attempt.Began) >= Life))
                _attempt = new Attempt(probe, time.GetTimestamp());
            return _attempt;
        }
    }

    private sealed class Attempt
    {
        private volatile Unready _tooLate = new(DatabaseFault.Unanswered.Describe());

        public Attempt(ReadinessProbe probe, long began)
        {
            Began = began;
            // Not on the caller's thread: SQLite answers by blocking it.
            Result = Task.Run(async () =>
            {
                var unready = await probe.TryAsync(fault => _tooLate = new Unready(fault.Describe())).ConfigureAwait(false);
                WasGood = unready is null;
                return unready;
            });
        }

        public bool WasGood { get; private set; }

        public long Began { get; }

        public Task<Unready?> Result { get; }

        public Unready TooLate => _tooLate;
    }
}
