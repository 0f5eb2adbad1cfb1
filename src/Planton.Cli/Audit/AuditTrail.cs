using System.Runtime.CompilerServices;
using Planton.Api.Audit;
using Planton.Api.Client;
using Planton.Api.Errors;
using Planton.Cli.Invocation;

namespace Planton.Cli.Audit;

/// <summary>The trail as the control plane tells it, page by page.</summary>
internal sealed class AuditTrail(PlantonApiClient api, string? organization, AuditQuery query)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>The newest <paramref name="count"/> records, newest first.</summary>
    public async Task<AuditPage> ReadNewestAsync(int count, CancellationToken cancellationToken)
    {
        var records = new List<AuditRecord>();
        long? before = null;
        do
        {
            var asked = query with { Limit = Math.Min(count - records.Count, AuditQuery.MaxLimit), Before = before };
            var page = await api.ListAuditAsync(organization, asked, cancellationToken).ConfigureAwait(false);
            records.AddRange(page.Items ?? []);
            before = page.Items is { Count: > 0 } ? page.Next : null;
        }
        while (before is not null && records.Count < count);
        return new AuditPage(records, before);
    }

    /// <summary>What is recorded after <paramref name="newest"/>, oldest first, without end. An outage is said and waited out.</summary>
    public async IAsyncEnumerable<IReadOnlyList<AuditRecord>> FollowAsync(
        AuditPage newest, CommandContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var after = newest.Items is [var last, ..] ? last.Sequence : 0;
        var reachable = true;
        while (true)
        {
            var page = await TryReadAsync(after, cancellationToken).ConfigureAwait(false);
            if (page is null && reachable)
                context.Say("The server cannot be reached; trying again until it can.");
            reachable = page is not null;
            if (page?.Items is { Count: > 0 } records)
            {
                after = records[^1].Sequence;
                yield return records;
                if (records.Count == AuditQuery.MaxLimit)
                    continue;
            }

            await Task.Delay(Pause, context.Environment.Time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Null when the server cannot be asked for now.</summary>
    private async Task<AuditPage?> TryReadAsync(long after, CancellationToken cancellationToken)
    {
        try
        {
            return await api.ListAuditAsync(organization, query with { Limit = AuditQuery.MaxLimit, After = after }, cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException)
        {
            return null;
        }
        catch (ApiException failure) when (failure.Problem.Code is ErrorCode.Unavailable or ErrorCode.RateLimited or ErrorCode.QuotaExceeded)
        {
            return null;
        }
    }
}
