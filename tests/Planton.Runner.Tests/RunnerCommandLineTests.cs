using Microsoft.Extensions.Logging;
using Planton.Api;
using Planton.Runner.Commands;
using Planton.Runner.Logging;
using Planton.Runner.Startup;

namespace Planton.Runner.Tests;

/// <summary>Parsing, apart from running.</summary>
public sealed class RunnerCommandLineTests
{
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();
    private StartSettings? _settings;

    [Fact]
    public async Task NothingSaidIsTheDefaults()
    {
        Assert.Equal(0, await RunAsync("start"));
        Assert.Equal(new HostAndPort("127.0.0.1", 8081), _settings!.Health);
        Assert.Equal((TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(20)), (_settings.StartTimeout, _settings.DrainTimeout));
        Assert.Equal((LogLevel.Information, LogFormat.Text), (_settings.LogLevel, _settings.LogFormat));
        Assert.Equal((null, null, null), (_settings.Credentials.Name, _settings.Credentials.Organization, _settings.Credentials.File));
        Assert.Equal((false, false), (_settings.Credentials.Platform, _settings.Verbose));
        Assert.Null(_settings.KubeConfig);
        Assert.Null(_settings.StateDirectory);
        Assert.False(_settings.ProxyResolvesNames);
    }

    [Fact]
    public async Task EveryFlagArrives()
    {
        Assert.Equal(0, await RunAsync(
            "start", "prod", "--org", "acme", "--credentials-file", "c.json", "--kubeconfig", "k", "--state-dir", "s", "--health", "[::1]:0",
            "--start-timeout", "1m30s", "--drain-timeout=500ms", "--log-level", "DEBUG", "--log-format", "json", "--proxy-resolves-names"));
        Assert.Equal(("prod", "acme", "c.json"), (_settings!.Credentials.Name, _settings.Credentials.Organization, _settings.Credentials.File));
        Assert.Equal(("k", "s"), (_settings.KubeConfig, _settings.StateDirectory));
        Assert.True(_settings.ProxyResolvesNames);
        Assert.Equal(new HostAndPort("::1", 0), _settings.Health);
        Assert.Equal((TimeSpan.FromSeconds(90), TimeSpan.FromMilliseconds(500)), (_settings.StartTimeout, _settings.DrainTimeout));
        Assert.Equal((LogLevel.Debug, LogFormat.Json), (_settings.LogLevel, _settings.LogFormat));
    }

    [Fact]
    public async Task APlatformRunnerAndMoreTalkCanBeAskedFor()
    {
        Assert.Equal(0, await RunAsync("start", "shared", "--platform", "--verbose"));
        Assert.Equal(("shared", true, true), (_settings!.Credentials.Name, _settings.Credentials.Platform, _settings.Verbose));
    }

    [Fact]
    public async Task HealthMayBeOff()
    {
        await RunAsync("start", "--health", "off");
        Assert.Null(_settings!.Health);
    }

    [Theory]
    [InlineData("--health", "8081")]
    [InlineData("--health", "example.com:80")]
    [InlineData("--health", "127.0.0.1:70000")]
    [InlineData("--health", "::1:80")]
    [InlineData("--start-timeout", "0s")]
    [InlineData("--start-timeout", "-1s")]
    [InlineData("--start-timeout", "60")]
    [InlineData("--drain-timeout", "25h")]
    [InlineData("--drain-timeout", "100000000h100000000h100000000h")]
    [InlineData("--log-level", "loud")]
    [InlineData("--log-format", "xml")]
    [InlineData("--policy", "policy.yaml")]
    [InlineData("Not_A_Slug", "--org")]
    public async Task WhatCannotBeMeantIsRefusedByName_AndNothingRuns(string flag, string value)
    {
        string[] arguments = flag == "Not_A_Slug" ? ["start", flag] : ["start", flag, value];
        Assert.Equal(ExitCode.Configuration, await RunAsync(arguments));
        Assert.Contains(flag, _error.ToString(), StringComparison.Ordinal);
        Assert.Null(_settings);
        Assert.Equal("", _output.ToString());
    }

    [Fact]
    public async Task SeveralFaultsAreToldAtOnce()
    {
        Assert.Equal(ExitCode.Configuration, await RunAsync("start", "--health", "x", "--start-timeout", "y", "--log-level", "z"));
        Assert.All(["--health", "--start-timeout", "--log-level"], flag => Assert.Contains(flag, _error.ToString(), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("start", "one", "two")]
    [InlineData("stop")]
    [InlineData("start", "--kubeconfig")]
    public async Task ACommandLineThatIsNoneEndsWith2(params string[] arguments)
    {
        Assert.Equal(ExitCode.Configuration, await RunAsync(arguments));
        Assert.Null(_settings);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task TheExitCodeIsThatOfTheRun(int code) => Assert.Equal(code, await RunAsync(["start"], code));

    [Fact]
    public async Task VersionIsOneLineOnStandardOutput()
    {
        Assert.Equal(0, await RunAsync("version"));
        Assert.Equal(RunnerVersion.Current + Environment.NewLine, _output.ToString());
        Assert.DoesNotContain('+', RunnerVersion.Current);
        Assert.Equal("", _error.ToString());
    }

    private Task<int> RunAsync(params string[] arguments) => RunAsync(arguments, 0);

    private Task<int> RunAsync(string[] arguments, int code) => new RunnerCommandLine(
        settings =>
        {
            _settings = settings;
            return Task.FromResult(code);
        },
        _output,
        _error).RunAsync(arguments);
}
