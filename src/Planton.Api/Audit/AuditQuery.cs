using System.Globalization;

namespace Planton.Api.Audit;

/// <summary>Which records of the audit trail to list. All that are given must hold.</summary>
public sealed record AuditQuery
{
    /// <summary>The most records of one page.</summary>
    public const int MaxLimit = 1000;

    /// <summary>How many at most, 1 to <see cref="MaxLimit"/>; null for 100.</summary>
    public int? Limit { get; init; }

    /// <summary>Only those with a higher sequence, oldest first.</summary>
    public long? After { get; init; }

    /// <summary>Only those with a lower sequence.</summary>
    public long? Before { get; init; }

    /// <summary>An action, or the beginning of some with a star: <c>connection.*</c>.</summary>
    public string? Action { get; init; }

    /// <summary>The name or the id of who asked.</summary>
    public string? Actor { get; init; }

    /// <summary><c>allowed</c>, <c>denied</c> or <c>failed</c>.</summary>
    public string? Outcome { get; init; }

    /// <summary>One operation's records.</summary>
    public string? OperationId { get; init; }

    /// <summary>Recorded at this time or later.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Recorded before this time.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>As a query string with its question mark; empty when nothing is asked for.</summary>
    public string ToQueryString()
    {
        (string Name, string? Value)[] all =
        [
            ("limit", Limit?.ToString(CultureInfo.InvariantCulture)),
            ("after", After?.ToString(CultureInfo.InvariantCulture)),
            ("before", Before?.ToString(CultureInfo.InvariantCulture)),
            ("action", Action), ("actor", Actor), ("outcome", Outcome), ("operationId", OperationId),
            ("since", Since?.ToString("O", CultureInfo.InvariantCulture)),
            ("until", Until?.ToString("O", CultureInfo.InvariantCulture)),
        ];
        var given = all.Where(pair => pair.Value is not null).Select(pair => $"{pair.Name}={Uri.EscapeDataString(pair.Value!)}").ToList();
        return given.Count == 0 ? "" : "?" + string.Join('&', given);
    }
}
