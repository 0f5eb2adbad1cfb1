using System.CommandLine;
using System.CommandLine.Invocation;
using Planton.Runner.Startup;

namespace Planton.Runner.Commands;

/// <summary>The program's command line.</summary>
internal sealed class RunnerCommandLine(Func<StartSettings, Task<int>> start, TextWriter output, TextWriter error)
{
    public async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        var version = new Command("version", "Prints the runner's version");
        version.SetAction(_ => output.WriteLine(RunnerVersion.Current));
        var root = new RootCommand(
            """
            The Planton runner: connects out to a control plane and executes its operations inside this network.

            Examples:
              planton-runner start --credentials-file credentials.json
              planton-runner version
            """)
        {
            new StartCommand().Build(start),
            version,
        };
        var result = root.Parse(arguments);
        // The faults are what matters: the whole help after them would scroll them away.
        if (result.Action is ParseErrorAction faults)
            (faults.ShowHelp, faults.ShowTypoCorrections) = (false, true);
        var code = await result.InvokeAsync(new InvocationConfiguration
        {
            Output = output,
            Error = error,
            // The host takes the signals: it drains, where the parser's own handler would end the process.
            ProcessTerminationTimeout = null,
        });
        return result.Errors.Count > 0 ? ExitCode.Configuration : code;
    }
}
