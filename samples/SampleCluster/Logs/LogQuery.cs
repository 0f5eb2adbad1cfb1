using System.Globalization;

namespace SampleCluster.Logs;

/// <summary>The query of a log request.</summary>
internal sealed record LogQuery
{
    public string? Container { get; init; }

    public bool Follow { get; init; }

    public bool Previous { get; init; }

    public bool Timestamps { get; init; }

    /// <summary>Null for all lines.</summary>
    public long? TailLines { get; init; }

    public long? LimitBytes { get; init; }

    /// <summary>Lines before it are left out.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Reads the query; false with the fault when a number or time is not one.</summary>
    public static bool TryRead(IQueryCollection query, DateTimeOffset now, out LogQuery result, out string fault)
    {
        result = new LogQuery();
        fault = "";
        foreach (var name in new[] { "tailLines", "limitBytes", "sinceSeconds" })
        {
            if (query.ContainsKey(name) && Number(name) is null)
                fault = $"invalid {name}: \"{query[name]}\" is not a number of 0 or more";
        }

        DateTimeOffset? since = Number("sinceSeconds") is { } seconds ? now - TimeSpan.FromSeconds(seconds) : null;
        if (query["sinceTime"].ToString() is { Length: > 0 } text)
        {
            if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
                since = time;
            else
                fault = $"invalid sinceTime: \"{text}\" is not an RFC 3339 time";
        }

        result = new LogQuery
        {
            Container = query["container"].ToString() is { Length: > 0 } container ? container : null,
            Follow = Flag("follow"),
            Previous = Flag("previous"),
            Timestamps = Flag("timestamps"),
            TailLines = Number("tailLines"),
            LimitBytes = Number("limitBytes"),
            Since = since,
        };
        return fault.Length == 0;

        bool Flag(string name) => query[name].ToString() is "true" or "1";

        long? Number(string name) =>
            int.TryParse(query[name], NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
    }
}
