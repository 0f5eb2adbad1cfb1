using Planton.Api;

namespace Planton.Server.Audit;

/// <summary>Makes what clients sent fit to be kept for ever and read by others.</summary>
internal static class AuditText
{
    // Paths and reasons come from clients: one request must not fill the disk.
    public const int MaxLength = 2048;

    /// <summary>
    /// Cut to <see cref="MaxLength"/>, without any API key that was pasted where a name belongs, and without control characters,
    /// some of which a terminal obeys and a database cannot store.
    /// </summary>
    public static string Clean(string text)
    {
        // Cut with room for a key that begins before the end: half a secret is not for keeping either.
        var near = text.Length <= 2 * MaxLength ? text : text[..(2 * MaxLength)];
        var clean = SafeText.OneLine(ApiKeyMask.Apply(near));
        return clean.Length <= MaxLength && near.Length == text.Length ? clean : string.Concat(clean.AsSpan(0, Math.Min(clean.Length, MaxLength)), "…");
    }
}
