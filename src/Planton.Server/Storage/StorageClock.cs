namespace Planton.Server.Storage;

internal static class StorageClock
{
    /// <summary>The time, in the precision that is stored: so that what is answered now and what is read later are the same.</summary>
    public static DateTimeOffset GetStorableNow(this TimeProvider time) =>
        DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
}
