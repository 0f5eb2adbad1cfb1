using System.Text.RegularExpressions;

namespace Planton.Runner.Logging;

/// <summary>
/// Stands before every sink: replaces the secrets this process has read, and whatever has the form of one. It is the last
/// line of defence; nothing should hand a secret to a log in the first place.
/// </summary>
internal sealed partial class SecretMasker
{
    private const string Mask = "***";
    private const int MinLength = 8;
    private const int MaxSecrets = 256;

    private readonly Lock _gate = new();
    private readonly Queue<string> _order = new();
    private volatile string[] _secrets = [];

    /// <summary>Remembers a secret, line by line. The oldest is forgotten when there are too many (rotated tokens).</summary>
    public void Add(string? secret)
    {
        if (string.IsNullOrWhiteSpace(secret))
            return;
        lock (_gate)
        {
            foreach (var line in secret.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            {
                // The frame of a PEM is no secret, and masking what is very short would garble every message.
                if (line.Length < MinLength || line.StartsWith("-----", StringComparison.Ordinal) || _order.Contains(line))
                    continue;
                _order.Enqueue(line);
                if (_order.Count > MaxSecrets)
                    _order.Dequeue();
            }

            // The longest first: a secret that is the beginning of another must not leave the other's rest behind.
            _secrets = [.. _order.OrderByDescending(s => s.Length)];
        }
    }

    public string Apply(string text)
    {
        foreach (var secret in _secrets)
            text = text.Replace(secret, Mask, StringComparison.Ordinal);
        text = ApiKey().Replace(text, "pck_" + Mask);
        text = Bearer().Replace(text, "$1 " + Mask);
        text = UserInfo().Replace(text, "$1" + Mask + "@");
        text = JsonWebToken().Replace(text, Mask);
        return PrivateKey().Replace(text, Mask);
    }

    [GeneratedRegex("pck_[A-Za-z0-9_-]+")]
    private static partial Regex ApiKey();

    [GeneratedRegex(@"\b(Bearer|Basic)\s+[A-Za-z0-9+/=._~-]{8,}", RegexOptions.IgnoreCase)]
    private static partial Regex Bearer();

    [GeneratedRegex(@"(\b[a-z][a-z0-9+.-]{0,20}://)[^\s/?#]{1,2000}@", RegexOptions.IgnoreCase)]
    private static partial Regex UserInfo();

    [GeneratedRegex(@"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*")]
    private static partial Regex JsonWebToken();

    // Old PEM has headers with dashes in it; one that was cut off is masked to the end.
    [GeneratedRegex("-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----.*?(-----END [A-Z ]{0,20}PRIVATE KEY-----|\\z)", RegexOptions.Singleline)]
    private static partial Regex PrivateKey();
}
