using Planton.Cli.Configuration;
using Planton.Cli.Tests.Support;

namespace Planton.Cli.Tests.Configuration;

public sealed class ConfigTests : IDisposable
{
    private const string Config = """
        apiVersion: planton.dev/v1
        kind: Config
        futureSetting:
          kept: true
        servers:
        - name: prod
          url: https://planton.example.com
          apiKey: pck_prod
          futureField: 7
        - name: test
          url: https://test.example.com
        contexts:
        - name: prod
          server: prod
          organization: acme
        - name: test
          server: test
        currentContext: prod

        """;

    private readonly CliHarness _cli = new();

    [Fact]
    public void WhenNothingElseIsGiven_TheCurrentContextDecides()
    {
        Write(Config);

        var settings = Resolve(null, null);

        Assert.Equal(("https://planton.example.com", "acme", "pck_prod"), (settings.Server, settings.Organization, settings.ApiKey));
    }

    [Fact]
    public void WhenTheEnvironmentIsSet_ItGoesBeforeTheContext()
    {
        Write(Config);
        _cli.Variables["PLANTON_SERVER"] = "https://test.example.com";
        _cli.Variables["PLANTON_ORG"] = "beta";
        _cli.Variables["PLANTON_API_KEY"] = "pck_env";

        var settings = Resolve(null, null);

        Assert.Equal(("https://test.example.com", "beta", "pck_env"), (settings.Server, settings.Organization, settings.ApiKey));
    }

    [Fact]
    public void WhenFlagsAreGiven_TheyGoBeforeTheEnvironment()
    {
        Write(Config);
        _cli.Variables["PLANTON_SERVER"] = "https://test.example.com";
        _cli.Variables["PLANTON_ORG"] = "beta";

        var settings = Resolve("https://planton.example.com/", "gamma");

        Assert.Equal(("https://planton.example.com/", "gamma", "pck_prod"), (settings.Server, settings.Organization, settings.ApiKey));
    }

    [Fact]
    public void WhenAnotherServerIsGiven_TheStoredKeyIsNotSentThere()
    {
        Write(Config);

        var settings = Resolve("https://elsewhere.example.com", null);

        Assert.Null(settings.ApiKey);
        Assert.Null(settings.Organization);
    }

    [Fact]
    public void WhenTheKeyIsPrintedByAccident_ItDoesNotShow()
    {
        Write(Config);

        Assert.DoesNotContain("pck_", Resolve(null, null).ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("pck_", new ConfigServer("a", "b") { ApiKey = "pck_x" }.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.GroupWrite)]
    public async Task WhenOthersCanReadTheConfig_ItIsRefusedWithTheCure(UnixFileMode extra)
    {
        Write(Config);
        File.SetUnixFileMode(_cli.ConfigFile, UnixFileMode.UserRead | UnixFileMode.UserWrite | extra);

        var result = await _cli.RunAsync("context", "get");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("can be read by others", result.Error, StringComparison.Ordinal);
        Assert.Contains($"chmod 600 '{_cli.ConfigFile}'", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("- a list", "it is not a mapping")]
    [InlineData("a: [unclosed", "cannot be read: line")]
    [InlineData("a: 1\n---\nb: 2", "more than one document")]
    [InlineData("apiVersion: planton.dev/v9", "is of version planton.dev/v9")]
    public async Task WhenTheConfigIsMalformed_TheFaultIsSaid(string text, string fault)
    {
        Write(text);

        var result = await _cli.RunAsync("context", "get");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(fault, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenTheConfigIsChanged_WhatThisVersionDoesNotKnowIsKept()
    {
        Write(Config);

        var result = await _cli.RunAsync("context", "set", "test", "--org", "beta");

        Assert.Equal(0, result.ExitCode);
        var text = await File.ReadAllTextAsync(_cli.ConfigFile, TestContext.Current.CancellationToken);
        Assert.Contains("futureSetting:\n  kept: true\n", text, StringComparison.Ordinal);
        Assert.Contains("futureField: 7\n", text, StringComparison.Ordinal);
        Assert.Contains("currentContext: test\n", text, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_cli.PlantonHome, "*.tmp"));
    }

    [Fact]
    public async Task WhenTheHomeIsElsewhere_TheVariableSaysSo()
    {
        Write(Config);
        _cli.Variables["PLANTON_HOME"] = _cli.PathOf("elsewhere");

        var result = await _cli.RunAsync("context", "get");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("there is no current context", result.Error, StringComparison.Ordinal);
        Assert.Contains("PLANTON_HOME", (await _cli.RunAsync("--help")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenContextsAreListed_TheCurrentOneIsMarked()
    {
        Write(Config);

        var result = await _cli.RunAsync("context", "list");

        Assert.Equal(
            """
            CURRENT   NAME   SERVER                        ORGANIZATION   ENVIRONMENT   LOGGED IN
            *         prod   https://planton.example.com   acme                         yes
                      test   https://test.example.com                                   no

            """,
            result.Out);
    }

    [Fact]
    public async Task WhenTheContextIsPrintedAsYaml_ItHoldsNoKey()
    {
        Write(Config);

        var result = await _cli.RunAsync("context", "get", "-o", "yaml");

        Assert.Equal("name: prod\nserver: https://planton.example.com\norganization: acme\ncurrent: true\nloggedIn: true\n", result.Out);
    }

    [Theory]
    [InlineData(3, "there is no context 'nosuch'", "context", "set", "nosuch")]
    [InlineData(2, "nothing to set", "context", "set")]
    [InlineData(2, "is not an organization's name", "context", "set", "--org", "../x")]
    [InlineData(2, "is not an environment's name", "context", "set", "--env", "../x")]
    public async Task WhenAContextCannotBeSet_TheReasonIsSaid(int exitCode, string reason, params string[] arguments)
    {
        Write(Config);

        var result = await _cli.RunAsync(arguments);

        Assert.Equal(exitCode, result.ExitCode);
        Assert.Contains(reason, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenThereIsNoContextAtAll_SettingOneSaysToLogIn()
    {
        var result = await _cli.RunAsync("context", "set", "--org", "acme");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("planton auth login", result.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _cli.Dispose();

    private void Write(string text)
    {
        Directory.CreateDirectory(_cli.PlantonHome);
        File.WriteAllText(_cli.ConfigFile, text);
        File.SetUnixFileMode(_cli.ConfigFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private Settings Resolve(string? server, string? organization)
    {
        Assert.True(ConfigFile.TryLoad(new PlantonHome(_cli.PlantonHome), out var config, out var error), error?.Detail);
        return Settings.Resolve(server, organization, _cli.Environment(TextWriter.Null, TextWriter.Null), config);
    }
}
