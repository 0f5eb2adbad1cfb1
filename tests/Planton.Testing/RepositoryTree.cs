namespace Planton.Testing;

/// <summary>Where the repository is that the running tests were built from.</summary>
public static class RepositoryTree
{
    /// <summary>The folder of <c>Planton.slnx</c>, found from the test assembly upwards.</summary>
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    /// <summary>
    /// The full path of a program of this repository as the solution's build left it, for the same configuration as the tests:
    /// <c>BuiltProgram("Planton.Server", "planton-server")</c>.
    /// </summary>
    public static string BuiltProgram(string project, string program)
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        var path = Path.Combine(Root, "artifacts", "bin", project, configuration, program);
        return File.Exists(path) ? path : throw new FileNotFoundException($"{program} was not built: {path}", path);
    }

    private static string Find(string from)
    {
        for (var folder = new DirectoryInfo(from); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Planton.slnx")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException($"no Planton.slnx in {from} or above it");
    }
}
