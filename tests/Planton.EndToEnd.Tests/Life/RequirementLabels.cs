using System.Text.RegularExpressions;

namespace Planton.EndToEnd.Tests.Life;

/// <summary>
/// Which tests carry the number of a requirement, read from the sources of every test project: as a trait
/// (<c>[Trait("Requirement", "S7")]</c>) of a test or a class, or as the beginning of a class's summary (<c>S5, S7: …</c>).
/// </summary>
internal static partial class RequirementLabels
{
    /// <summary>Each label with the test or class that has it, as <c>Planton.EndToEnd.Tests: CredentialsLifeTests.Delete_…</c>.</summary>
    public static IEnumerable<(string Requirement, string Test)> Read()
    {
        var tests = Path.Combine(RepositoryTree.Root, "tests");
        return from project in Directory.GetDirectories(tests, "*.Tests").Order(StringComparer.Ordinal)
               from file in Directory.EnumerateFiles(project, "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
               from label in ReadFile(File.ReadAllLines(file))
               select (label.Requirement, $"{Path.GetFileName(project)}: {label.Test}");
    }

    /// <summary>The labels of one source file.</summary>
    internal static IEnumerable<(string Requirement, string Test)> ReadFile(string[] lines)
    {
        List<string> labels = [];
        var (isTest, type) = (false, "");
        foreach (var line in lines)
        {
            labels.AddRange(Trait().Matches(line).Select(match => match.Groups[1].Value));
            if (Summary().Match(line) is { Success: true } summary)
                labels.AddRange(summary.Groups[1].Value.Split(", "));
            isTest |= TestAttribute().IsMatch(line);
            var (isType, method) = (Type().Match(line), Method().Match(line));
            if (isType.Success)
                type = isType.Groups[1].Value;
            // A label on something that is neither a class nor a test proves nothing.
            var named = isType.Success ? type : method.Success && isTest ? $"{type}.{method.Groups[1].Value}" : null;
            if (named is not null)
            {
                foreach (var label in labels)
                    yield return (label, named);
            }

            if (isType.Success || method.Success || line.Length == 0)
                (labels, isTest) = ([], false);
        }
    }

    [GeneratedRegex("""^\s*\[Trait\((?:RequirementTests\.Trait|"Requirement"), "([SR]\d+)"\)\]""", RegexOptions.CultureInvariant)]
    private static partial Regex Trait();

    [GeneratedRegex(@"^/// <summary>([SR]\d+(?:, [SR]\d+)*)[:.]", RegexOptions.CultureInvariant)]
    private static partial Regex Summary();

    [GeneratedRegex(@"^\s*\[(Fact|Theory)\b", RegexOptions.CultureInvariant)]
    private static partial Regex TestAttribute();

    [GeneratedRegex(@"^\s*(?:public|internal) [a-z ]*\bclass (\w+)", RegexOptions.CultureInvariant)]
    private static partial Regex Type();

    [GeneratedRegex(@"^\s+public [\w<> ]+ (\w+)\(", RegexOptions.CultureInvariant)]
    private static partial Regex Method();
}
