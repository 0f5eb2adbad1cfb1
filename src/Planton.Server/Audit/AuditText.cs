using System.Text.RegularExpressions;

namespace Planton.Server.Audit;

/// <summary>Makes what clients sent fit to be kept for ever and read by others.</summary>
internal static partial class AuditText
{
    // Paths and reasons come from clients: one request must not fill the disk.
    public const int MaxLength = 2048;

    /// <summary>Cut to <see cref="MaxLength"/>, and without any API key that was pasted where a name belongs.</summary>
    public static string Clean(string text)
    {
        // Cut with room for a key that begins before the end: half a secret is not for keeping either.
        var near = text.Length <= 2 * MaxLength ? text : text[..(2 * MaxLength)];
        // Not every database can store it.
        near = near.Replace('\0', '\uFFFD');
        var masked = SecretOfKey().Replace(near, "$1…");
        return masked.Length <= MaxLength && near.Length == text.Length ? masked : string.Concat(masked.AsSpan(0, Math.Min(masked.Length, MaxLength)), "…");
    }

    // The prefix and the public id stay: they tell whose key it was. Mistyped and cut keys are keys as well, and so is one that
    // follows another without a gap.
    [GeneratedRegex("(pck_[0-9A-Za-z]{12})[0-9A-Za-z_]+", RegexOptions.CultureInvariant)]
    private static partial Regex SecretOfKey();
}
