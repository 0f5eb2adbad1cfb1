using Planton.Api.Errors;
using Planton.Cli.Tests.Support;
using Planton.Testing;
using Planton.Testing.Processes;
using Planton.Testing.Programs;

namespace Planton.Cli.Tests.Processes;

/// <summary>The program as the shell sees it: signals, pipes, exit codes, and what takes its place.</summary>
public sealed class ProgramTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task WhenARunnerIsStarted_ItTakesThisProcessesPlace()
    {
        var installed = Install("planton-runner", """
            #!/bin/sh
            echo "pid $$"
            for argument in "$@"; do echo "argument <$argument>"; done
            echo "marker <$MARKER>"
            read line
            echo "input <$line>"
            exit 42
            """);
        var environment = Environment(("PATH", PathWith(installed)), ("MARKER", "grüße $HOME"));

        await using var process = ProgramProcess.Start(await WithoutItsRunnerAsync(), ["runner", "start", "--credentials-file", "a file.json", "--health", ""], environment);
        await process.StandardInput.WriteAsync("a line\n");
        await process.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
        var exitCode = await process.WaitForExitAsync(Patience, TestContext.Current.CancellationToken);

        Assert.Equal(
            [$"pid {process.Id}", "argument <start>", "argument <--credentials-file>", "argument <a file.json>", "argument <--health>", "argument <>", "marker <grüße $HOME>", "input <a line>"],
            process.OutputLines);
        Assert.Equal(42, exitCode);
        Assert.Empty(process.ErrorLines);
    }

    [Theory]
    [InlineData(ProcessSignal.Terminate, "TERM")]
    [InlineData(ProcessSignal.Interrupt, "INT")]
    public async Task WhenAStartedRunnerIsSignalled_TheSignalIsItsOwn(ProcessSignal signal, string name)
    {
        var installed = Install("planton-runner", $"""
            #!/bin/sh
            trap 'echo caught; exit 9' {name}
            echo ready
            while :; do sleep 0.05; done
            """);

        await using var process = ProgramProcess.Start(await WithoutItsRunnerAsync(), ["runner", "start", "--credentials-file", "c.json"], Environment(("PATH", PathWith(installed))));
        await process.WaitForLineAsync(line => line == "ready", "ready", Patience, TestContext.Current.CancellationToken);
        process.Signal(signal);

        Assert.Equal(9, await process.WaitForExitAsync(Patience, TestContext.Current.CancellationToken));
        Assert.Equal(["ready", "caught"], process.OutputLines);
    }

    [Fact]
    public async Task WhenTheRunnersFileIsNoProgram_TheExitCodeIs1AndTheFileIsNamed()
    {
        var installed = Install("planton-runner", "neither a script nor a program");
        File.SetUnixFileMode(Path.Combine(installed, "planton-runner"), UnixFileMode.UserRead);

        var result = await ProgramProcess.RunAsync(
            await WithoutItsRunnerAsync(), ["runner", "start", "--credentials-file", "c.json"], Environment(("PATH", installed)),
            timeout: Patience, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(1, result.ExitCode);
        Assert.StartsWith($"Error: {Path.Combine(installed, "planton-runner")} cannot be started: ", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ProcessSignal.Interrupt)]
    [InlineData(ProcessSignal.Terminate)]
    public async Task WhenInterruptedDuringARequest_TheExitCodeIs130AndTheServerIsToldToStop(ProcessSignal signal)
    {
        await using var server = await FakeControlPlane.StartAsync();
        var arrived = new TaskCompletionSource();
        var aborted = new TaskCompletionSource();
        server.On("GET", "/api/v1/organizations", context =>
        {
            context.RequestAborted.Register(aborted.SetResult);
            arrived.SetResult();
            return aborted.Task;
        });

        await using var process = ProgramProcess.Start(ProgramFiles.Cli, ["org", "list"], Environment(server));
        await arrived.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
        process.Signal(signal);

        Assert.Equal(130, await process.WaitForExitAsync(Patience, TestContext.Current.CancellationToken));
        await aborted.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Empty(process.OutputLines);
        Assert.Empty(process.ErrorLines);
    }

    [Fact]
    public async Task WhenInterruptedWhileWaitingForAKey_ItEndsAtOnce()
    {
        await using var process = ProgramProcess.Start(
            ProgramFiles.Cli, ["auth", "login", "--server", "http://127.0.0.1:9", "--api-key", "-", "--verbose"], Environment());
        await process.WaitForLineAsync(
            line => line == "Reading the API key from standard input.", "that it reads its input", Patience, TestContext.Current.CancellationToken);
        process.Signal(ProcessSignal.Interrupt);

        Assert.Equal(130, await process.WaitForExitAsync(Patience, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task WhenAWatchIsInterrupted_WhatItSawHasBeenPrinted()
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.On("GET", KubernetesAnswers.Pods, async context =>
        {
            if (context.Request.Query["watch"] != "true")
            {
                await context.Response.WriteAsJson(KubernetesAnswers.Table("first"));
                return;
            }

            await context.Response.WriteEvent("ADDED", KubernetesAnswers.Table("second"));
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        });

        await using var process = ProgramProcess.Start(ProgramFiles.Cli, ["kubectl", "get", "pods", "-w", "--connection", "prod"], Environment(server));
        await process.WaitForLineAsync(line => line == "second", "the change", Patience, TestContext.Current.CancellationToken);
        process.Signal(ProcessSignal.Interrupt);

        Assert.Equal(130, await process.WaitForExitAsync(Patience, TestContext.Current.CancellationToken));
        Assert.Equal(["NAME", "first", "second"], process.OutputLines);
        Assert.Empty(process.ErrorLines);
    }

    [Fact]
    public async Task WhenTheDiskIsFull_TheExitCodeIs1AndItIsSaid()
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.OnJson("GET", KubernetesAnswers.Pods, KubernetesAnswers.Table("web"));

        var result = await ShellAsync("planton kubectl get pods --connection prod > /dev/full", server);

        Assert.Equal(1, result.ExitCode);
        Assert.StartsWith("Error: ", result.Error, StringComparison.Ordinal);
        Assert.Contains("No space left on device", result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task WhenTheDiskIsFullMidway_TheExitCodeIs1AndItIsSaid()
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.OnJson("GET", KubernetesAnswers.Pods, KubernetesAnswers.Table([.. Enumerable.Range(0, 20_000).Select(number => $"pod-{number}")]));

        var result = await ShellAsync("planton kubectl get pods --connection prod > /dev/full", server);

        Assert.Equal(1, result.ExitCode);
        Assert.StartsWith("Error: ", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenTheReaderOfThePipeGoes_NothingIsComplainedOf()
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.OnJson("GET", KubernetesAnswers.Pods, KubernetesAnswers.Table([.. Enumerable.Range(0, 50_000).Select(number => $"pod-{number}")]));

        var result = await ShellAsync("planton kubectl get pods --connection prod | head -n 2", server);

        Assert.Equal("NAME\npod-0\n", result.Output);
        Assert.Equal("", result.Error);
    }

    [Theory]
    [InlineData("planton runner ge", "generate-credentials\nget\nget-default\n")]
    [InlineData("planton ver", "version\n")]
    [InlineData("planton connection create ", "kubernetes\n")]
    public async Task WhenBashAsksForCompletions_TheSubcommandsComeBack(string line, string expected)
    {
        var result = await ShellAsync($$"""
            source <(planton completion bash)
            complete -p planton >&2
            COMP_LINE='{{line}}'; COMP_POINT=${#COMP_LINE}
            read -ra COMP_WORDS <<< "$COMP_LINE"
            [[ $COMP_LINE == *' ' ]] && COMP_WORDS+=('')
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            _planton
            printf '%s\n' "${COMPREPLY[@]}" | grep -v '^-' | sort
            """);

        Assert.Equal("complete -o default -F _planton planton\n", result.Error);
        Assert.Equal(expected, result.Output);
        Assert.Equal(0, result.ExitCode);
    }

    [Fact]
    public async Task WhenLoggingInUnderAnOpenUmask_TheConfigIsStillTheOwnersAlone()
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.On("GET", "/api/v1/me", Samples.Caller("acme"));

        var result = await ShellAsync($"umask 0; echo {FakeControlPlane.ApiKey} | planton auth login --server {server.Url} --api-key -");

        Assert.Equal((0, ""), (result.ExitCode, result.Output));
        Assert.DoesNotContain(FakeControlPlane.ApiKey, result.Error, StringComparison.Ordinal);
        var home = Path.Combine(_folder.FullName, "home", ".planton");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(home, "config.yaml")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(home));
        Assert.Contains(FakeControlPlane.ApiKey, await File.ReadAllTextAsync(Path.Combine(home, "config.yaml"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenTheServerRefuses_TheShellSeesTheExitCode()
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.OnProblem("GET", "/api/v1/organizations", ErrorCode.NoRunnerAvailable, "no");

        var result = await RunAsync(Environment(server), "org", "list");

        Assert.Equal((5, "", "Error: no\n"), (result.ExitCode, result.Output, result.Error));
    }

    [Fact]
    public async Task WhenNothingIsConfigured_TheShellSees2()
    {
        var result = await RunAsync(Environment(), "org", "list");

        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Contains("planton auth login", result.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static string PathWith(string directory) => $"{directory}:{System.Environment.GetEnvironmentVariable("PATH")}";

    private static Task<ProgramResult> RunAsync(IReadOnlyDictionary<string, string?> environment, params string[] arguments) =>
        ProgramProcess.RunAsync(ProgramFiles.Cli, arguments, environment, timeout: Patience, cancellationToken: TestContext.Current.CancellationToken);

    private Task<ProgramResult> ShellAsync(string script, FakeControlPlane? server = null)
    {
        var environment = server is null ? Environment() : Environment(server);
        environment["PATH"] = PathWith(Path.GetDirectoryName(ProgramFiles.Cli)!);
        return ProgramProcess.RunAsync("/bin/bash", ["-c", script], environment, timeout: Patience, cancellationToken: TestContext.Current.CancellationToken);
    }

    /// <summary>The program where no runner lies beside it, which would be taken before one on PATH.</summary>
    private async Task<string> WithoutItsRunnerAsync()
    {
        if (!File.Exists(Path.Combine(Path.GetDirectoryName(ProgramFiles.Cli)!, "planton-runner")))
            return ProgramFiles.Cli;
        var alone = _folder.File("alone/planton");
        // Not written by this process: one that another test starts at this moment would hold the file open, and it could not be run.
        var copied = await ProgramProcess.RunAsync("cp", [ProgramFiles.Cli, alone], cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(copied.ExitCode == 0, copied.ToString());
        return alone;
    }

    private string Install(string name, string script)
    {
        var file = _folder.Write($"bin/{name}", script + "\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return Path.GetDirectoryName(file)!;
    }

    private Dictionary<string, string?> Environment(FakeControlPlane server) =>
        Environment(("PLANTON_SERVER", server.Url), ("PLANTON_ORG", "acme"), ("PLANTON_API_KEY", FakeControlPlane.ApiKey));

    /// <summary>Nothing of this machine's configuration.</summary>
    private Dictionary<string, string?> Environment(params (string Name, string Value)[] variables)
    {
        var home = _folder.FullName + "/home";
        Directory.CreateDirectory(home);
        var environment = new Dictionary<string, string?> { ["HOME"] = home };
        foreach (var name in (string[])["PLANTON_HOME", "PLANTON_SERVER", "PLANTON_ORG", "PLANTON_API_KEY", "PLANTON_RUNNER_CREDENTIALS", "PLANTON_RUNNER_CREDENTIALS_FILE"])
            environment[name] = null;
        foreach (var (name, value) in variables)
            environment[name] = value;
        return environment;
    }
}
