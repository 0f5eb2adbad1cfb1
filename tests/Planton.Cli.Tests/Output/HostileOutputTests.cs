using System.Text.Json;
using Planton.Api;
using Planton.Api.Connections;
using Planton.Api.Runners;
using Planton.Cli.Data.Yaml;
using Planton.Cli.Tests.Support;

namespace Planton.Cli.Tests.Output;

/// <summary>Whatever a server or a cluster says, and in whatever form it is printed, a terminal finds nothing in it to obey.</summary>
public sealed class HostileOutputTests : IDisposable
{
    // C0, DEL, C1 (CSI and NEL), a mark and three controls that reorder text, and both separators.
    private const string Hostile = "x\u001b[2J\u0007\u007f\u009b31m\u0085\u200e\u200f\u061c\u202e\u2066\u2028\u2029y";
    private const string Runners = "/api/v1/organizations/acme/runners";
    private readonly CliHarness _cli = new();

    public void Dispose() => _cli.Dispose();

    [Theory]
    [InlineData("runner", "list")]
    [InlineData("runner", "list", "-o", "name")]
    [InlineData("runner", "list", "-o", "json")]
    [InlineData("runner", "list", "-o", "yaml")]
    [InlineData("runner", "get", "prod")]
    [InlineData("runner", "get", "prod", "-o", "yaml")]
    [InlineData("connection", "list")]
    [InlineData("connection", "list", "-o", "name")]
    [InlineData("connection", "test", "prod")]
    [InlineData("kubeconfig", "prod")]
    [InlineData("kubectl", "get", "pods", "--connection", "prod")]
    [InlineData("kubectl", "get", "pods", "--connection", "prod", "-o", "name")]
    [InlineData("kubectl", "get", "pods", "--connection", "prod", "-o", "json")]
    [InlineData("kubectl", "get", "pods", "--connection", "prod", "-o", "yaml")]
    [InlineData("version")]
    [InlineData("org", "get", "nosuch")]
    public async Task InEveryForm(params string[] command)
    {
        await using var server = await StartAsync();

        var result = await _cli.RunAsync(command);

        Assert.DoesNotContain(result.Out + result.Error, IsObeyed);
        Assert.Contains("31m", result.Out + result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AndWhatAProgramReadsMeansTheSame()
    {
        await using var server = await StartAsync();

        var json = await _cli.RunAsync("runner", "list", "-o", "json");
        var yaml = await _cli.RunAsync("runner", "list", "-o", "yaml");
        var pods = await _cli.RunAsync("kubectl", "get", "pods", "--connection", "prod", "-o", "json");

        Assert.Equal(Hostile, JsonDocument.Parse(json.Out).RootElement.GetProperty("items")[0].GetProperty("name").GetString());
        Assert.Equal(Hostile, YamlDataReader.Read(yaml.Out, out _)!["items"]!.Items[0]["name"]!.Text);
        Assert.Equal(Hostile, JsonDocument.Parse(pods.Out).RootElement.GetProperty("items")[0].GetProperty("metadata").GetProperty("name").GetString());
    }

    [Fact]
    public async Task ALineBreakInANameForgesNoOtherName()
    {
        await using var server = await StartAsync("a\nrunner/forged");

        Assert.Equal("runner/a\\u000arunner/forged\n", (await _cli.RunAsync("runner", "list", "-o", "name")).Out);
        Assert.Equal("pod/a\\u000arunner/forged\n", (await _cli.RunAsync("kubectl", "get", "pods", "--connection", "prod", "-o", "name")).Out);
    }

    [Fact]
    public async Task WhatTheParserListsIsSaidOnOneLine_WithoutCodes()
    {
        var result = await _cli.RunAsync("api-key", "create", "-o", "name");

        Assert.Equal(2, result.ExitCode);
        Assert.Equal(
            "Error: Argument 'name' not recognized. Must be one of: 'table' 'json' 'yaml'\nHint: planton api-key create --help\n", result.Error);
    }

    private static bool IsObeyed(char c) => (char.IsControl(c) && c != '\n')
        || c is '\u061C' or '\u200E' or '\u200F' or (>= '\u2028' and <= '\u202E') or (>= '\u2066' and <= '\u2069');

    private async Task<FakeControlPlane> StartAsync(string name = Hostile)
    {
        var server = await FakeControlPlane.StartAsync();
        _cli.Using(server);
        var runner = Samples.Runner("prod") with { Name = name, Version = name };
        var pod = JsonSerializer.Serialize(name);
        return server
            .On("GET", Runners, new ListResponse<Runner>([runner]))
            .On("GET", $"{Runners}/prod", runner)
            .On("GET", "/api/v1/organizations/acme/connections", new ListResponse<Connection>([Samples.Connection("prod") with { Name = name }]))
            .On("GET", "/api/v1/organizations/acme/connections/prod", Samples.Connection("prod") with { Name = name })
            .On("POST", "/api/v1/organizations/acme/connections/prod/test", new ConnectionTest(true, [new ConnectionTestStage("tunnel", true, 1.5, name, null)]))
            .On("GET", "/api/v1/server", Samples.Server(null) with { Version = name })
            .OnProblem("GET", "/api/v1/organizations/nosuch", "organization_not_found", name, name)
            .On("GET", KubernetesAnswers.Pods, context => context.Response.WriteAsJson(context.Request.Headers.Accept.ToString().Contains("as=Table", StringComparison.Ordinal)
                ? KubernetesAnswers.Table(name)
                : KubernetesAnswers.PodList("", name)));
    }
}
