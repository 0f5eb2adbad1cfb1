using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace SampleCluster.Api;

/// <summary>Where the next page of a list begins; opaque to clients.</summary>
/// <param name="Version">The resource version of the first page, which every page states.</param>
/// <param name="LastKey">The last object of the page before.</param>
internal sealed record ContinueToken(long Version, string LastKey)
{
    public static ContinueToken? Parse(string text)
    {
        if (!Base64Url.IsValid(text))
            return null;
        var parts = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text)).Split(' ', 2);
        return parts.Length == 2 && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? new ContinueToken(version, parts[1])
            : null;
    }

    public override string ToString() =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Version} {LastKey}")));
}
