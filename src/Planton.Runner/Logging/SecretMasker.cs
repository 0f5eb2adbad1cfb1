using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Planton.Runner.Logging;

/// <summary>
/// Stands before every sink: replaces the secrets this process has read, and whatever has the form of one. It is the last
/// line of defence; nothing should hand a secret to a log in the first place.
/// </summary>
internal sealed partial class SecretMasker
{
    private const string Mask = "***";

    // The first characters of a JSON object in base64.
    private const string TokenStart = "eyJ";

    private const int MinLength = 8;
    private const int MaxSecrets = 256;

    private readonly Lock _gate = new();
    private readonly Queue<string> _order = new();
    private readonly Dictionary<string, int> _held = new(StringComparer.Ordinal);
    private volatile string[] _secrets = [];

    /// <summary>Remembers a secret, line by line. The oldest is forgotten when there are too many (rotated tokens).</summary>
    public void Add(string? secret)
    {
        if (string.IsNullOrWhiteSpace(secret))
            return;
        lock (_gate)
        {
            foreach (var line in Lines(secret))
            {
                if (_order.Contains(line))
                    continue;
                _order.Enqueue(line);
                if (_order.Count > MaxSecrets)
                    _order.Dequeue();
            }

            Publish();
        }
    }

    /// <summary>Remembers secrets for as long as the answer is not disposed, and then no longer: for what is used once.</summary>
    public IDisposable Hold(params ReadOnlySpan<string?> secrets)
    {
        var lines = new List<string>();
        foreach (var secret in secrets)
            lines.AddRange(Lines(secret ?? ""));
        lock (_gate)
        {
            var isNew = false;
            foreach (var line in lines)
                isNew |= (CollectionsMarshal.GetValueRefOrAddDefault(_held, line, out _) += 1) == 1;
            if (isNew)
                Publish();
        }

        return new Held(this, lines);
    }

    public string Apply(string text)
    {
        foreach (var secret in _secrets)
            text = text.Replace(secret, Mask, StringComparison.Ordinal);
        text = ApiKey().Replace(text, "pck_" + Mask);
        text = Bearer().Replace(text, "$1 " + Mask);
        text = UserInfo().Replace(text, "$1" + Mask + "@");
        if (text.Contains(TokenStart, StringComparison.Ordinal))
            text = Word().Replace(text, MaskToken);
        return PrivateKey().Replace(text, Mask);
    }

    // The frame of a PEM is no secret, and masking what is very short would garble every message.
    private static IEnumerable<string> Lines(string secret) => secret
        .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Where(line => line.Length >= MinLength && !line.StartsWith("-----", StringComparison.Ordinal));

    // The longest first: a secret that is the beginning of another must not leave the other's rest behind.
    private void Publish() => _secrets = [.. _order.Union(_held.Keys).OrderByDescending(s => s.Length)];

    // A JSON Web Token has three parts or more, with dots between them.
    private static string MaskToken(Match word)
    {
        var start = word.ValueSpan.IndexOf(TokenStart, StringComparison.Ordinal);
        return start >= 0 && word.ValueSpan[start..].Count('.') >= 2 ? string.Concat(word.ValueSpan[..start], Mask) : word.Value;
    }

    private void Forget(List<string> lines)
    {
        lock (_gate)
        {
            var isGone = false;
            foreach (var line in lines)
            {
                if (--_held[line] == 0)
                    isGone |= _held.Remove(line);
            }

            if (isGone)
                Publish();
        }
    }

    [GeneratedRegex("pck_[A-Za-z0-9_-]+")]
    private static partial Regex ApiKey();

    [GeneratedRegex(@"\b(Bearer|Basic)\s+[A-Za-z0-9+/=._~-]{8,}", RegexOptions.IgnoreCase)]
    private static partial Regex Bearer();

    [GeneratedRegex(@"(\b[a-z][a-z0-9+.-]{0,20}://)[^\s/?#]{1,2000}@", RegexOptions.IgnoreCase)]
    private static partial Regex UserInfo();

    // The characters of a token. Matching whole words keeps masking linear in the length of the text.
    [GeneratedRegex("[A-Za-z0-9_.-]+")]
    private static partial Regex Word();

    // Old PEM has headers with dashes in it; one that was cut off is masked to the end.
    [GeneratedRegex("-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----.*?(-----END [A-Z ]{0,20}PRIVATE KEY-----|\\z)", RegexOptions.Singleline)]
    private static partial Regex PrivateKey();

    private sealed class Held(SecretMasker masker, List<string> lines) : IDisposable
    {
        private SecretMasker? _masker = masker;

        public void Dispose() => Interlocked.Exchange(ref _masker, null)?.Forget(lines);
    }
}
