namespace Planton.Cli.Hosting;

/// <summary>Hands over to another program.</summary>
internal interface IProgramLauncher
{
    /// <summary>Runs the program with this process's environment and streams.</summary>
    /// <returns>Its exit code, where this process outlives it.</returns>
    /// <exception cref="IOException">It cannot be started.</exception>
    Task<int> RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken);
}
