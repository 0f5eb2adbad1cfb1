using System.Text.RegularExpressions;

namespace Planton.Architecture.Tests.Conventions;

/// <summary>What must stand in no file: places that exist on one machine only, hosts of registries, and plain log calls.</summary>
internal static partial class ForbiddenText
{
    // In pieces, so that this file does not break its own rule.
    private static readonly string[] Places = ["/wor" + "k/", "/tmp/" + "briefs", "/ro" + "ot/."];
    private static readonly string[] Registries = ["api." + "nuget.org", "registry." + "npmjs.org", "pypi." + "org/simple"];

    public static IEnumerable<string> PlacesAndRegistries(SourceTree tree) => tree.Files.SelectMany(file => Places.Concat(Registries)
        .Where(text => file.Value.Contains(text, StringComparison.OrdinalIgnoreCase))
        .Select(text => $"{file.Key}: contains {text}"));

    public static IEnumerable<string> LockFilesWithUrls(SourceTree tree) => tree.Files
        .Where(f => Path.GetFileName(f.Key) == "packages.lock.json" && f.Value.Contains("://", StringComparison.Ordinal))
        .Select(f => $"{f.Key}: contains a URL");

    /// <summary>Log messages are methods with <c>[LoggerMessage]</c>: they have a number and a name, and cost nothing when off.</summary>
    public static IEnumerable<string> PlainLogCalls(SourceTree tree) => tree.Code("src", "samples")
        .SelectMany(f => PlainLogCall().Matches(f.Value).Select(m => $"{f.Key}: calls {m.Value}…) instead of a [LoggerMessage] method"));

    public static IEnumerable<string> Warnings(SourceTree tree) => tree.Code("src", "samples", "tests")
        .Where(f => f.Value.Contains("#pragma " + "warning disable", StringComparison.Ordinal))
        .Select(f => $"{f.Key}: switches a warning off");

    /// <summary>What a background service of the server throws ends the host, unless it runs in the loop that catches it.</summary>
    public static IEnumerable<string> BackgroundServicesOutsideTheLoop(SourceTree tree) => tree.Code("src")
        .Where(f => f.Key.StartsWith("src/Planton.Server/", StringComparison.Ordinal) && BackgroundService().IsMatch(f.Value) && !f.Value.Contains("new BackgroundLoop(", StringComparison.Ordinal)
            && !f.Value.Contains("BackgroundLoop _loop = new(", StringComparison.Ordinal))
        .Select(f => $"{f.Key}: is a BackgroundService that does not run in a BackgroundLoop");

    [GeneratedRegex(@"[):]\s*:?\s*BackgroundService\b")]
    private static partial Regex BackgroundService();

    [GeneratedRegex(@"\.Log(?:Trace|Debug|Information|Warning|Error|Critical)\(")]
    private static partial Regex PlainLogCall();
}
