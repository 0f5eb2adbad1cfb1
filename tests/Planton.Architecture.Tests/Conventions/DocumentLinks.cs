using System.Text.RegularExpressions;

namespace Planton.Architecture.Tests.Conventions;

/// <summary>Relative links in documents lead somewhere, to the heading too.</summary>
internal static partial class DocumentLinks
{
    public static IEnumerable<string> Broken(SourceTree tree, Func<string, bool> exists)
    {
        foreach (var (path, text) in tree.Files.Where(f => f.Key.EndsWith(".md", StringComparison.Ordinal)))
        {
            foreach (var target in Link().Matches(CodeBlock().Replace(text, "")).Select(m => m.Groups[1].Value))
            {
                if (target.Contains("://", StringComparison.Ordinal) || target.StartsWith("mailto:", StringComparison.Ordinal))
                    continue;
                var parts = target.Split('#', 2);
                var file = parts[0].Length == 0 ? path : Normalize(Path.Combine(Path.GetDirectoryName(path) ?? "", Uri.UnescapeDataString(parts[0])));
                if (!tree.Files.ContainsKey(file) && !exists(file))
                    yield return $"{path}: links to {target}, which is not there";
                else if (parts.Length == 2 && tree.Files.TryGetValue(file, out var linked) && !Anchors(linked).Contains(parts[1]))
                    yield return $"{path}: links to {target}, and there is no such heading";
            }
        }
    }

    private static string Normalize(string path) =>
        Path.GetRelativePath("/", Path.GetFullPath("/" + path)).Replace('\\', '/');

    private static HashSet<string> Anchors(string text) => [.. Heading().Matches(CodeBlock().Replace(text, "")).Select(m => Anchor(m.Groups[1].Value))];

    // As GitHub makes them: small letters, spaces to hyphens, punctuation away.
    private static string Anchor(string heading) => string.Concat(heading.Trim()
        .Where(c => char.IsLetterOrDigit(c) || c is ' ' or '-' or '_')
        .Select(c => c == ' ' ? '-' : char.ToLowerInvariant(c)));

    [GeneratedRegex(@"\]\(<?([^)\s>]+)>?(?:\s+""[^""]*"")?\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^#{1,6} (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CodeBlock();
}
