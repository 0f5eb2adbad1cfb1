using Planton.Testing;

namespace Planton.Architecture.Tests.Conventions;

/// <summary>The repository keeps its own conventions.</summary>
public sealed class RepositoryTests
{
    /// <summary>Files of more than 300 lines, with the reason why they are not split.</summary>
    private static readonly Dictionary<string, string> LongFiles = new(StringComparer.Ordinal);

    [Fact]
    public void TheTreeIsRead()
    {
        Assert.Contains("Planton.slnx", SourceTree.Repository.Files.Keys);
        Assert.Contains("src/Planton.Api/Slug.cs", SourceTree.Repository.Files.Keys);
    }

    [Fact]
    public void ProjectsReferenceOnlyWhatTheyMay() => Assert.Empty(ProjectGraph.Violations(SourceTree.Repository));

    [Fact]
    public void NoFileIsTooLong() => Assert.Empty(FileShape.TooLong(SourceTree.Repository, LongFiles));

    [Fact]
    public void NoExceptionIsStale() => Assert.Empty(FileShape.StaleExceptions(SourceTree.Repository, LongFiles));

    [Fact]
    public void EachFileHasOnePublicType() => Assert.Empty(FileShape.SeveralPublicTypes(SourceTree.Repository));

    [Fact]
    public void FoldersAreNamedForWhatTheyAreAbout() => Assert.Empty(FileShape.ForbiddenFolderNames(SourceTree.Repository));

    [Fact]
    public void NoFileNamesAPlaceOfOneMachineOrARegistry() => Assert.Empty(ForbiddenText.PlacesAndRegistries(SourceTree.Repository));

    [Fact]
    public void NoLockFileHasUrls() => Assert.Empty(ForbiddenText.LockFilesWithUrls(SourceTree.Repository));

    [Fact]
    public void LoggingIsByLoggerMessage() => Assert.Empty(ForbiddenText.PlainLogCalls(SourceTree.Repository));

    [Fact]
    public void EveryBackgroundServiceRunsInTheLoop() => Assert.Empty(ForbiddenText.BackgroundServicesOutsideTheLoop(SourceTree.Repository));

    [Fact]
    public void NoWarningIsSwitchedOff() => Assert.Empty(ForbiddenText.Warnings(SourceTree.Repository));

    [Fact]
    public void EveryRelativeLinkLeadsSomewhere() => Assert.Empty(DocumentLinks.Broken(
        SourceTree.Repository, path => Path.Exists(Path.Combine(RepositoryTree.Root, path))));

    [Fact]
    public void ThereAreAsManyLinesOfTestsAsOfSource()
    {
        var (source, tests) = TestAmount.Count(SourceTree.Repository);
        TestContext.Current.SendDiagnosticMessage("{0} lines of source, {1} lines of tests", source, tests);
        Assert.Null(TestAmount.TooLittle(SourceTree.Repository));
    }
}
