namespace Planton.Testing;

/// <summary>Tools that a test needs but that a laptop may lack.</summary>
public static class RequiredTool
{
    /// <summary>Whether this is continuous integration (<c>CI=true</c>), where nothing may be missing.</summary>
    public static bool InCi => Environment.GetEnvironmentVariable("CI") == "true";

    /// <summary>Returns the value of an environment variable; without it skips the test on a laptop and fails it in CI.</summary>
    public static string FromEnvironment(string variable, string what)
    {
        var value = Environment.GetEnvironmentVariable(variable);
        if (!string.IsNullOrEmpty(value))
            return value;
        Missing($"{variable} is not set: {what}");
        return "";
    }

    /// <summary>
    /// Returns the full path of a program on PATH; without it skips the test on a laptop and fails it in CI, saying which of Debian's
    /// packages has it.
    /// </summary>
    public static string OnPath(string program, string package)
    {
        var found = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists);
        if (found is not null)
            return found;
        Missing($"{program} is not on PATH: Debian has it in the package {package}");
        return "";
    }

    /// <summary>Returns the full path of a program in the folder that a variable names; without it skips the test on a laptop and fails it in CI.</summary>
    public static string InFolderOf(string variable, string program)
    {
        var path = Path.Combine(FromEnvironment(variable, $"the folder of {program}"), program);
        if (!File.Exists(path))
            Missing($"{variable} is set, and {path} is not there");
        return path;
    }

    /// <summary>Skips the test on a laptop and fails it in CI.</summary>
    public static void Missing(string reason)
    {
        if (InCi)
            Assert.Fail($"{reason} (CI installs every tool)");
        Assert.Skip(reason);
    }
}
