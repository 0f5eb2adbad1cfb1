using Planton.Cli.Hosting;

namespace Planton.Cli.Tests.Support;

/// <summary>Remembers what would have been started.</summary>
internal sealed class RecordingLauncher : IProgramLauncher
{
    public string? Program { get; private set; }

    public IReadOnlyList<string> Arguments { get; private set; } = [];

    public int ExitCode { get; set; }

    public Task<int> RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        (Program, Arguments) = (program, arguments);
        return Task.FromResult(ExitCode);
    }
}
