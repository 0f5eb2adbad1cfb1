namespace Planton.Cli.Tests.Support;

/// <summary>What a command left behind.</summary>
internal sealed record CliResult(int ExitCode, string Out, string Error);
