using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Planton.Server.Storage;

/// <summary>Times are stored as UTC milliseconds, which every database orders and compares alike.</summary>
internal sealed class UnixMillisecondsConverter() : ValueConverter<DateTimeOffset, long>(
    time => time.ToUnixTimeMilliseconds(),
    milliseconds => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds));
