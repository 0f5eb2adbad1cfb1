namespace Planton.Cli.Hosting;

/// <summary>Everything a command takes from outside itself, so that tests can stand in for the machine.</summary>
internal sealed class CliEnvironment
{
    public required CliConsole Console { get; init; }

    /// <summary>Reads an environment variable; null when it is not set.</summary>
    public required Func<string, string?> Variable { get; init; }

    /// <summary>The user's home directory.</summary>
    public required string UserHome { get; init; }

    /// <summary>Where this program's file is.</summary>
    public required string ProgramDirectory { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Becomes, or runs, another program, and returns its exit code.</summary>
    public required IProgramLauncher Launcher { get; init; }

    public static CliEnvironment System() => new()
    {
        Console = SystemConsole.Open(),
        Variable = Environment.GetEnvironmentVariable,
        UserHome = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile),
        ProgramDirectory = AppContext.BaseDirectory,
        Launcher = OperatingSystem.IsWindows() ? new ChildProgramLauncher() : new ExecProgramLauncher(),
    };

    /// <summary>The value of a variable that is set to something.</summary>
    public string? NonEmptyVariable(string name) => Variable(name) is { Length: > 0 } value ? value : null;
}
