using Microsoft.Extensions.Time.Testing;
using Planton.Cli.Hosting;
using Planton.Cli.Invocation;

namespace Planton.Cli.Tests.Support;

/// <summary>Runs command lines in this process, with a home directory of their own and nothing of this machine's.</summary>
internal sealed class CliHarness : IDisposable
{
    public static readonly DateTimeOffset Now = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);

    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("planton-cli-");

    public Dictionary<string, string> Variables { get; } = [];

    public FakeTimeProvider Time { get; } = new(Now);

    /// <summary>What commands take for the time instead of <see cref="Time"/>, where they wait.</summary>
    public TimeProvider? Clock { get; set; }

    public RecordingLauncher Launcher { get; } = new();

    public string Home => _home.FullName;

    public string PlantonHome => Path.Combine(Home, ".planton");

    public string ConfigFile => Path.Combine(PlantonHome, "config.yaml");

    public string ProgramDirectory => Path.Combine(Home, "program");

    public string Input { get; set; } = "";

    public bool Interactive { get; set; }

    public string? HiddenInput { get; set; }

    public string PathOf(string name) => Path.Combine(Home, name);

    /// <summary>Points the environment at a server, as if somebody had exported the variables.</summary>
    public CliHarness Using(FakeControlPlane server)
    {
        Variables["PLANTON_SERVER"] = server.Url;
        Variables["PLANTON_ORG"] = "acme";
        Variables["PLANTON_API_KEY"] = FakeControlPlane.ApiKey;
        return this;
    }

    public Task<CliResult> RunAsync(params string[] arguments) => RunAsync(TestContext.Current.CancellationToken, arguments);

    public async Task<CliResult> RunAsync(CancellationToken cancellationToken, params string[] arguments)
    {
        var output = new StringWriter { NewLine = "\n" };
        var error = new StringWriter { NewLine = "\n" };
        var exitCode = await RunAsync(output, error, cancellationToken, arguments);
        return new CliResult(exitCode, output.ToString(), error.ToString());
    }

    public Task<int> RunAsync(TextWriter output, TextWriter error, CancellationToken cancellationToken, params string[] arguments) =>
        new CliApplication(Environment(output, error)).RunAsync(arguments, cancellationToken);

    public CliEnvironment Environment(TextWriter output, TextWriter error) => new()
    {
        Console = new CliConsole
        {
            Out = output,
            Error = error,
            In = new StringReader(Input),
            IsInteractive = Interactive,
            ReadHidden = () => HiddenInput,
        },
        Variable = Variables.GetValueOrDefault,
        UserHome = Home,
        ProgramDirectory = ProgramDirectory,
        Time = Clock ?? Time,
        Launcher = Launcher,
    };

    public void Dispose() => _home.Delete(recursive: true);
}
