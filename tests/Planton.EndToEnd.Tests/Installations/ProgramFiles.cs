namespace Planton.EndToEnd.Tests.Installations;

/// <summary>Where the programs are: in the folder that a publish left (<c>PLANTON_PROGRAMS</c>), else as the build left them.</summary>
internal static class ProgramFiles
{
    public const string Variable = "PLANTON_PROGRAMS";

    private static string? Published => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } folder ? folder : null;

    public static string Cli => Find("planton", "Planton.Cli", "planton");

    public static string Runner => Find("planton-runner", "Planton.Runner", "planton-runner");

    public static string Server => Find("planton-server/planton-server", "Planton.Server", "planton-server");

    /// <summary>A sample, never part of what is published.</summary>
    public static string SampleCluster => RepositoryTree.BuiltProgram("SampleCluster", "sample-cluster");

    private static string Find(string published, string project, string program)
    {
        if (Published is not { } folder)
            return RepositoryTree.BuiltProgram(project, program);
        var path = Path.Combine(folder, published);
        return File.Exists(path) ? path : throw new FileNotFoundException($"{Variable} is set, and {path} is not there", path);
    }
}
