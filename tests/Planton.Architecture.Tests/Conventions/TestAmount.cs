namespace Planton.Architecture.Tests.Conventions;

/// <summary>At least as many lines of tests as of source.</summary>
internal static class TestAmount
{
    public static (int Source, int Tests) Count(SourceTree tree) => (Sum(tree.Code("src", "samples")), Sum(tree.Code("tests")));

    public static string? TooLittle(SourceTree tree)
    {
        var (source, tests) = Count(tree);
        return tests >= source ? null : $"{tests} lines of tests for {source} lines of source";
    }

    private static int Sum(IEnumerable<KeyValuePair<string, string>> files) => files.Sum(f => SourceTree.Lines(f.Value));
}
