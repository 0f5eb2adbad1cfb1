using System.Text.RegularExpressions;

namespace Planton.Architecture.Tests.Conventions;

/// <summary>Small files, one public type in each, in folders named for what they are about.</summary>
internal static partial class FileShape
{
    public const int MaxLines = 500;
    public const int LinesThatNeedAReason = 300;

    private static readonly string[] ForbiddenFolders = ["Utils", "Util", "Utilities", "Helpers", "Common", "Managers", "Misc"];

    /// <param name="tree">The files.</param>
    /// <param name="exceptions">Files that may pass <see cref="LinesThatNeedAReason"/>, each with its reason.</param>
    public static IEnumerable<string> TooLong(SourceTree tree, IReadOnlyDictionary<string, string> exceptions)
    {
        foreach (var (path, text) in tree.Code("src", "samples", "tests", "bench"))
        {
            var lines = SourceTree.Lines(text);
            if (lines > MaxLines)
                yield return $"{path}: has {lines} lines; {MaxLines} is the most";
            else if (lines > LinesThatNeedAReason && !exceptions.ContainsKey(path))
                yield return $"{path}: has {lines} lines; past {LinesThatNeedAReason} it needs a reason in the list of exceptions";
        }
    }

    /// <summary>Exceptions that are not needed any more.</summary>
    public static IEnumerable<string> StaleExceptions(SourceTree tree, IReadOnlyDictionary<string, string> exceptions) => exceptions.Keys
        .Where(path => !tree.Files.TryGetValue(path, out var text) || SourceTree.Lines(text) <= LinesThatNeedAReason)
        .Select(path => $"{path}: needs no exception");

    // A suite stands with its one-line subclasses for the databases.
    public static IEnumerable<string> SeveralPublicTypes(SourceTree tree) => tree.Code("src", "samples", "tests")
        .Select(f => (f.Key, Types: PublicType().Matches(f.Value).Select(m => m.Groups[1].Value).Distinct().ToList()))
        .Select(f => (f.Key, Types: f.Types.Where(type => !f.Types.Any(suite => type == suite + "OnSqlite" || type == suite + "OnPostgreSql")).ToList()))
        .Where(f => f.Types.Count > 1)
        .Select(f => $"{f.Key}: has the public types {string.Join(", ", f.Types)}; one a file");

    public static IEnumerable<string> ForbiddenFolderNames(SourceTree tree) => tree.Files.Keys
        .SelectMany(path => path.Split('/').SkipLast(1))
        .Distinct()
        .Where(ForbiddenFolders.Contains)
        .Select(folder => $"a folder is named {folder}: name it for what it is about");

    // A type of the file itself stands in the first column; nested ones are indented.
    [GeneratedRegex(@"^public (?:(?:sealed|static|abstract|partial|readonly|ref) )*(?:class|record struct|record class|record|struct|interface|enum|delegate \S+) (\w+)", RegexOptions.Multiline)]
    private static partial Regex PublicType();
}
