namespace Planton.Architecture.Tests.Conventions;

/// <summary>Each convention catches a deliberate violation, and lets the same thing done right pass.</summary>
public sealed class ConventionSelfTests
{
    [Theory]
    [InlineData("src/Planton.Runner/Planton.Runner.csproj", "Planton.Server", false)]
    [InlineData("src/Planton.Runner/Planton.Runner.csproj", "Planton.Tunnel", true)]
    [InlineData("src/Planton.Cli/Planton.Cli.csproj", "Planton.Tunnel", false)]
    [InlineData("src/Planton.Cli/Planton.Cli.csproj", "Planton.Api", true)]
    [InlineData("src/Planton.Tunnel/Planton.Tunnel.csproj", "Planton.Api", false)]
    [InlineData("src/Planton.Api/Planton.Api.csproj", "Planton.Tunnel", false)]
    [InlineData("samples/SampleCluster/SampleCluster.csproj", "Planton.Api", false)]
    [InlineData("src/Planton.New/Planton.New.csproj", "Planton.Api", false)]
    [InlineData("tests/Planton.Cli.Tests/Planton.Cli.Tests.csproj", "Planton.Server", false)]
    [InlineData("tests/Planton.Cli.Tests/Planton.Cli.Tests.csproj", "Planton.Cli", true)]
    [InlineData("tests/Planton.SampleCluster.Tests/Planton.SampleCluster.Tests.csproj", "SampleCluster", true)]
    [InlineData("tests/Planton.EndToEnd.Tests/Planton.EndToEnd.Tests.csproj", "Planton.Api", true)]
    public void AProjectReferenceIsJudged(string project, string reference, bool allowed) => Judge(
        allowed, ProjectGraph.Violations(Tree((project, $"<Project><ItemGroup><ProjectReference Include=\"..\\{reference}\\{reference}.csproj\" /></ItemGroup></Project>"))));

    [Theory]
    [InlineData(300, false, true)]
    [InlineData(301, false, false)]
    [InlineData(301, true, true)]
    [InlineData(500, true, true)]
    [InlineData(501, true, false)]
    public void AFilesLengthIsJudged(int lines, bool excepted, bool allowed)
    {
        var exceptions = excepted ? new Dictionary<string, string> { ["src/A/B.cs"] = "a table" } : [];
        Judge(allowed, FileShape.TooLong(Tree(("src/A/B.cs", string.Concat(Enumerable.Repeat("x\n", lines)))), exceptions));
    }

    [Theory]
    [InlineData(10, false)]
    [InlineData(301, true)]
    public void AnExceptionThatIsNotNeededIsStale(int lines, bool allowed) => Judge(
        allowed,
        FileShape.StaleExceptions(Tree(("src/A/B.cs", string.Concat(Enumerable.Repeat("x\n", lines)))), new Dictionary<string, string> { ["src/A/B.cs"] = "" }));

    [Theory]
    [InlineData("public sealed class A;\npublic enum B;\n", false)]
    [InlineData("public readonly record struct A(int X);\npublic static class B;\n", false)]
    [InlineData("public interface IA;\npublic delegate void B();\n", false)]
    [InlineData("public abstract class A;\npublic sealed class AOnSqlite : A;\npublic sealed class AOnPostgreSql : A;\n", true)]
    [InlineData("public abstract class A;\npublic sealed class BOnSqlite : A;\n", false)]
    [InlineData("public sealed class A\n{\n    public enum Nested;\n}\n\ninternal class B;\n", true)]
    public void TheNumberOfPublicTypesIsJudged(string code, bool allowed) =>
        Judge(allowed, FileShape.SeveralPublicTypes(Tree(("src/A/A.cs", code))));

    [Theory]
    [InlineData("src/A/Helpers/B.cs", false)]
    [InlineData("src/A/Common/B.cs", false)]
    [InlineData("src/A/Utils/B.cs", false)]
    [InlineData("src/A/Managers/B.cs", false)]
    [InlineData("src/A/Routing/Common.cs", true)]
    public void AFoldersNameIsJudged(string path, bool allowed) => Judge(allowed, FileShape.ForbiddenFolderNames(Tree((path, ""))));

    [Fact]
    public void APlaceOfOneMachineAndARegistryAreFound()
    {
        Judge(false, ForbiddenText.PlacesAndRegistries(Tree(("README.md", "see /wor" + "k/shared"))));
        Judge(false, ForbiddenText.PlacesAndRegistries(Tree(("NuGet.config", "https://API." + "NUGET.org/v3/index.json"))));
        Judge(true, ForbiddenText.PlacesAndRegistries(Tree(("README.md", "the work is done; nuget is a tool"))));
    }

    [Fact]
    public void ALockFileWithAUrlIsFound()
    {
        Judge(false, ForbiddenText.LockFilesWithUrls(Tree(("src/A/packages.lock.json", """{"source":"https://x"}"""))));
        Judge(true, ForbiddenText.LockFilesWithUrls(Tree(("src/A/packages.lock.json", """{"version":1}"""))));
    }

    [Theory]
    [InlineData("src/A/B.cs", "logger.LogInformation(\"x\");", false)]
    [InlineData("samples/A/B.cs", "_log.LogError(e, \"x\");", false)]
    [InlineData("src/A/B.cs", "log.RunnerConnected(name);", true)]
    [InlineData("tests/A/B.cs", "logger.LogInformation(\"x\");", true)]
    public void ALogCallIsJudged(string path, string code, bool allowed) => Judge(allowed, ForbiddenText.PlainLogCalls(Tree((path, code))));

    [Fact]
    public void ASwitchedOffWarningIsFound() =>
        Judge(false, ForbiddenText.Warnings(Tree(("src/A/B.cs", "#pragma " + "warning disable CA1000"))));

    [Theory]
    [InlineData("internal sealed class A(int b) : BackgroundService\n{ while (true) }", false)]
    [InlineData("internal sealed class A(int b)\n    : BackgroundService\n{ while (true) }", false)]
    [InlineData("internal sealed class A : BackgroundService\n{ new BackgroundLoop(\"x\") }", true)]
    [InlineData("services.OfType<BackgroundService>()", true)]
    public void ABackgroundServiceIsJudged(string code, bool allowed) =>
        Judge(allowed, ForbiddenText.BackgroundServicesOutsideTheLoop(Tree(("src/Planton.Server/A.cs", code))));

    [Theory]
    [InlineData("[x](b.md)", true)]
    [InlineData("[x](missing.md)", false)]
    [InlineData("[x](../README.md)", true)]
    [InlineData("[x](b.md#how-it-works)", true)]
    [InlineData("[x](b.md#nowhere)", false)]
    [InlineData("[x](#a-heading)\n# A heading!\n", true)]
    [InlineData("[x](https://example.com/missing.md)", true)]
    [InlineData("![picture](picture.svg)", false)]
    [InlineData("```\n[x](missing.md)\n```\n", true)]
    public void ALinkIsJudged(string text, bool allowed) => Judge(allowed, DocumentLinks.Broken(
        Tree(("docs/a.md", text), ("docs/b.md", "## How it works\n"), ("README.md", "")), _ => false));

    [Fact]
    public void TooFewTestsAreFound()
    {
        Assert.Equal("1 lines of tests for 2 lines of source", TestAmount.TooLittle(Tree(("src/A/B.cs", "a\nb\n"), ("tests/A/B.cs", "a\n"))));
        Assert.Null(TestAmount.TooLittle(Tree(("src/A/B.cs", "a\nb\n"), ("tests/A/B.cs", "a\nb\n"))));
    }

    private static SourceTree Tree(params (string Path, string Text)[] files) => new(files.ToDictionary(f => f.Path, f => f.Text));

    private static void Judge(bool allowed, IEnumerable<string> violations)
    {
        if (allowed)
            Assert.Empty(violations);
        else
            Assert.NotEmpty(violations);
    }
}
