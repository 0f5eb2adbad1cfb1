using Microsoft.Extensions.Logging;

namespace Planton.Testing.Logging;

/// <summary>One log line as a test sees it.</summary>
/// <param name="Category">The logger's name.</param>
/// <param name="Level">How grave.</param>
/// <param name="EventId">The number and name of the log method.</param>
/// <param name="Message">The formatted text.</param>
/// <param name="Exception">What was thrown, if anything.</param>
public sealed record LogRecord(string Category, LogLevel Level, EventId EventId, string Message, Exception? Exception)
{
    /// <summary>The line with everything in it, for searching.</summary>
    public string Text => $"{Level} {Category}[{EventId.Id} {EventId.Name}] {Message}{(Exception is null ? "" : $"\n    {Exception}")}";

    /// <inheritdoc/>
    public override string ToString() => Text;
}
