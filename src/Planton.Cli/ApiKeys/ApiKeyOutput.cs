using System.CommandLine;
using System.Text.Json.Serialization.Metadata;
using Planton.Api;
using Planton.Api.ApiKeys;
using Planton.Cli.Invocation;
using Planton.Cli.Output;

namespace Planton.Cli.ApiKeys;

/// <summary>How keys are printed, old ones and a new one.</summary>
internal static class ApiKeyOutput
{
    public const string LostByRevoking = "Whoever uses the key is refused from then on, and what runs with it is cut.";

    public static Argument<string> IdArgument() => new("KEY-ID") { Description = "The key's id, as the list shows it" };

    public static Option<TimeSpan?> ExpiryOption() => DurationOption.Create("--expires-in", "When the key ends, such as 12h or 90d (default: it does not)");

    /// <summary>There is no <c>name</c>: a new key is seen once, and would be lost.</summary>
    public static Option<string> NewKeyOption() => new Option<string>("--output", "-o")
    {
        Description = "How to print: table (the key alone), json or yaml",
        HelpName = "FORMAT",
        DefaultValueFactory = _ => "table",
    }.AcceptOnlyFromAmong("table", "json", "yaml");

    /// <summary>The key alone on standard output, for a file or a variable; what it belongs to is said.</summary>
    public static int PrintNew<T>(CommandContext context, string? format, T answer, JsonTypeInfo<T> type, ApiKey apiKey, string key, string owner)
    {
        context.Say($"Key {apiKey.Id} of {owner}, {(apiKey.ExpiresAt is { } end ? $"until {Times.Utc(end)}" : "without end")}. It is shown this once.");
        return ResultPrinter.Print(context, OutputOption.Parse(format), answer, type, output => output.Write($"{SafeText.OneLine(key)}\n"));
    }

    public static void WriteTable(TextWriter output, IEnumerable<ApiKey> keys, TimeProvider clock)
    {
        var table = new TextTable("ID", "STATE", "CREATED", "EXPIRES", "LAST USED", "FINGERPRINT");
        foreach (var key in keys)
            table.Add(
                key.Id,
                State(key, clock),
                Times.Ago(key.CreatedAt, clock),
                key.ExpiresAt is null ? "never" : Times.Utc(key.ExpiresAt),
                key.LastUsedAt is null ? "never" : Times.Ago(key.LastUsedAt, clock),
                key.Fingerprint);
        table.Write(output);
    }

    private static string State(ApiKey key, TimeProvider clock)
    {
        if (key.RevokedAt is not null)
            return $"revoked {Times.Ago(key.RevokedAt, clock)} ago";
        return key.ExpiresAt <= clock.GetUtcNow() ? "expired" : "valid";
    }
}
