namespace Planton.Testing.Processes;

/// <summary>What a program that ran to its end left.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">Its standard output, as it was.</param>
/// <param name="Error">Its standard error, as it was.</param>
public sealed record ProgramResult(int ExitCode, string Output, string Error)
{
    /// <summary>The output's lines, without an empty last one.</summary>
    public string[] OutputLines => Output.TrimEnd('\n').Split('\n');

    /// <inheritdoc/>
    public override string ToString() => $"exit code {ExitCode}\nstdout:\n{Output}\nstderr:\n{Error}";
}
