namespace Planton.Testing.Programs;

/// <summary>
/// Where the programs under test are: in the folder that <c>PLANTON_PROGRAMS</c> names (published programs), else where the build
/// left them. With <c>CI=true</c> only published programs are tested.
/// </summary>
public static class ProgramFiles
{
    /// <summary>The variable that names the folder of published programs.</summary>
    public const string Variable = "PLANTON_PROGRAMS";

    /// <summary>The command line.</summary>
    public static string Cli => Find("planton", "Planton.Cli", "planton");

    /// <summary>The agent.</summary>
    public static string Runner => Find("planton-runner", "Planton.Runner", "planton-runner");

    /// <summary>The control plane.</summary>
    public static string Server => Find("planton-server/planton-server", "Planton.Server", "planton-server");

    /// <summary>The sample cluster, which is never published.</summary>
    public static string SampleCluster => RepositoryTree.BuiltProgram("SampleCluster", "sample-cluster");

    private static string Find(string published, string project, string program)
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } folder)
        {
            Assert.False(RequiredTool.InCi, $"{Variable} is not set: CI tests the published programs (eng/publish.sh)");
            return RepositoryTree.BuiltProgram(project, program);
        }

        var path = Path.Combine(folder, published);
        return File.Exists(path) ? path : throw new FileNotFoundException($"{Variable} is set, but {path} does not exist", path);
    }
}
