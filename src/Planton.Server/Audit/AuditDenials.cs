using System.Collections.Concurrent;
using Planton.Server.Quotas;
using Planton.Server.Storage;

namespace Planton.Server.Audit;

/// <summary>
/// Bounds what denials write: who may do nothing may still ask, and a key's public id is no secret. The first denials of one
/// caller, action and code are recorded one by one in each minute, the rest as one number at its end. Every other record passes.
/// </summary>
internal sealed partial class AuditDenials(IAuditLog audit, QuotaOptions quotas, TimeProvider time, ILogger<AuditDenials> logger)
    : BackgroundService, IAuditLog
{
    /// <summary>How many callers, actions and codes are told apart in a minute; the denials of others are counted together.</summary>
    public const int MaxKinds = 10_000;

    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    // So that a flood of kinds is no flood of lines either.
    private const int MaxLogged = 100;

    private static readonly Kind Others = new(AuditActor.Anonymous, null, "denials", "");

    private ConcurrentDictionary<Kind, Count> _counts = new();

    public Task RecordAsync(AuditEntry entry, CancellationToken cancellationToken) => entry.Outcome == AuditOutcome.Denied
        ? RecordDenialAsync(entry, cancellationToken)
        : audit.RecordAsync(entry, cancellationToken);

    public void Append(ControlPlaneContext context, AuditEntry entry) => audit.Append(context, entry);

    /// <summary>Ends the minute: records how many denials were not recorded one by one.</summary>
    public async Task EndWindowAsync(CancellationToken cancellationToken)
    {
        var ended = Interlocked.Exchange(ref _counts, new ConcurrentDictionary<Kind, Count>());
        foreach (var (kind, count) in ended)
        {
            if (count.Unrecorded > 0)
                await audit.RecordAsync(Summary(kind, count), cancellationToken).ConfigureAwait(false);
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        await TryEndWindowAsync(cancellationToken).ConfigureAwait(false);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Window, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
                await TryEndWindowAsync(stoppingToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // StopAsync records what is left.
        }
    }

    private async Task RecordDenialAsync(AuditEntry entry, CancellationToken cancellationToken)
    {
        var counts = Volatile.Read(ref _counts);
        var kind = new Kind(entry.Actor, entry.OrganizationId, entry.Action, entry.Code ?? "");
        var known = counts.Count < MaxKinds || counts.ContainsKey(kind);
        var count = known ? counts.GetOrAdd(kind, _ => new Count(entry.Resource)) : counts.GetOrAdd(Others, _ => new Count("others"));
        var number = count.Increment();
        if (known && number <= quotas.CallerDenialsRecorded)
        {
            try
            {
                await audit.RecordAsync(entry, cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (AuditBacklogException)
            {
                // Nothing is done, so that its record may come later, with the others.
            }
        }

        count.NotRecorded(entry.Resource);
        if (number == quotas.CallerDenialsRecorded + 1 && counts.Count <= MaxLogged)
            LogMany(entry.Actor.Name, quotas.CallerDenialsRecorded, entry.Action, entry.Code);
    }

    private async Task TryEndWindowAsync(CancellationToken cancellationToken)
    {
        try
        {
            await EndWindowAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (AuditNotWrittenException exception)
        {
            LogNotWritten(exception);
        }
    }

    private static AuditEntry Summary(Kind kind, Count count) => new()
    {
        OperationId = ControlPlaneContext.NewId(),
        OrganizationId = kind.OrganizationId,
        Actor = kind.Actor,
        Action = kind.Action,
        Resource = count.Resource,
        Outcome = AuditOutcome.Denied,
        Code = kind.Code.Length > 0 ? kind.Code : null,
        Detail = $"{count.Unrecorded} more in this minute, not recorded singly",
    };

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Caller} was refused more than {Count} times in a minute ({Action}: {Code}); the rest are counted")]
    private partial void LogMany(string caller, int count, string action, string? code);

    [LoggerMessage(Level = LogLevel.Warning, Message = "How many requests were denied could not be recorded")]
    private partial void LogNotWritten(Exception exception);

    private sealed record Kind(AuditActor Actor, string? OrganizationId, string Action, string Code);

    private sealed class Count(string resource)
    {
        private const string Several = "several";
        private long _value;
        private long _unrecorded;

        /// <summary>What all of them asked for, when it was the same.</summary>
        public string Resource { get; private set; } = resource;

        public long Unrecorded => Interlocked.Read(ref _unrecorded);

        public long Increment() => Interlocked.Increment(ref _value);

        public void NotRecorded(string what)
        {
            Interlocked.Increment(ref _unrecorded);
            if (Resource != what && Resource != Several)
                Resource = Several;
        }
    }
}
