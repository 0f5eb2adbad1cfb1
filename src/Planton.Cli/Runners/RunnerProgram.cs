using Planton.Cli.Configuration;
using Planton.Cli.Hosting;

namespace Planton.Cli.Runners;

/// <summary>Finds the runner's program: beside this one, then the newest that was installed, then on PATH.</summary>
internal static class RunnerProgram
{
    private static string FileName => OperatingSystem.IsWindows() ? "planton-runner.exe" : "planton-runner";

    /// <summary>The program's path; null, and where it was looked for, when there is none.</summary>
    public static string? Find(CliEnvironment environment, PlantonHome home, out IReadOnlyList<string> looked)
    {
        string[] candidates = [.. Candidates(environment, home)];
        looked = [.. candidates, "PATH"];
        return candidates.Concat(OnPath(environment)).FirstOrDefault(File.Exists);
    }

    private static IEnumerable<string> Candidates(CliEnvironment environment, PlantonHome home)
    {
        yield return Path.Combine(environment.ProgramDirectory, FileName);
        if (!Directory.Exists(home.Binaries))
        {
            yield return Path.Combine(home.Binaries, "*", FileName);
            yield break;
        }

        foreach (var version in new DirectoryInfo(home.Binaries).EnumerateDirectories()
            .OrderByDescending(directory => ParseVersion(directory.Name))
            .ThenByDescending(directory => directory.Name, StringComparer.Ordinal))
            yield return Path.Combine(version.FullName, FileName);
    }

    private static IEnumerable<string> OnPath(CliEnvironment environment) =>
        (environment.Variable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(directory => Path.Combine(directory, FileName));

    /// <summary>A pre-release (1.2.0-rc.1) is older than its release, and comes after it by its name.</summary>
    private static Version ParseVersion(string name)
    {
        var core = name.TrimStart('v').Split('-', '+')[0];
        return Version.TryParse(core, out var version)
            ? new Version(version.Major, version.Minor, Math.Max(version.Build, 0), name.Contains('-', StringComparison.Ordinal) ? 0 : 1)
            : new Version(0, 0, 0, 0);
    }
}
