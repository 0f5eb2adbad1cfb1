using System.CommandLine;
using Planton.Api.Credentials;
using Planton.Api.Runners;
using Planton.Api.Variables;
using Planton.Cli.Invocation;
using Planton.Cli.Tests.Support;

namespace Planton.Cli.Tests.Invocation;

/// <summary>Whatever ends something says what is lost and asks; without a terminal it wants <c>--yes</c>.</summary>
public sealed class DestructiveCommandTests : IDisposable
{
    private const string Organization = "/api/v1/organizations/acme";
    private static readonly string[] Endings = ["delete", "remove", "revoke", "regenerate-credentials", "suspend", "revoke-keys", "leave"];
    private static readonly string[] Reading = ["GET", "HEAD"];
    private readonly CliHarness _cli = new();

    /// <summary>Each with what must be said before it is asked.</summary>
    public static TheoryData<string, string> Commands => new()
    {
        { "org delete acme", "service accounts with their keys" },
        { "member remove ada", "cut" },
        { "runner delete old", "ends 1 valid credential, 2 tunnels and 3 operations" },
        { "runner regenerate-credentials old", "ends 1 valid credential, 2 tunnels and 3 operations" },
        { "runner credentials revoke old c1", "Cut now: 2 tunnels" },
        { "connection delete prod", "The target itself is left alone" },
        { "environment delete staging", "fail from then on" },
        { "secret delete database", "3 versions with 1 key" },
        { "variable delete region", "2 versions" },
        { "service-account delete ci", "1 valid key" },
        { "service-account key revoke ci k3", "cut" },
        { "api-key revoke k3", "cut" },
        { "user delete ada", "cut" },
        { "user suspend ada", "Organizations without another owner are frozen" },
        { "user revoke-keys ada", "cannot log in" },
        { "member leave --org acme", "aborted" },
    };

    [Fact]
    public void EveryCommandThatEndsSomethingIsInTheTableAndHasYes()
    {
        var root = new CliApplication(_cli.Environment(TextWriter.Null, TextWriter.Null)).Parse([]).RootCommandResult.Command;

        var ending = Descendants(root, "").Where(pair => Endings.Contains(pair.Command.Name)).ToArray();

        Assert.True(ending.Length >= 16, $"{ending.Length} commands");
        Assert.All(ending, pair => Assert.Contains(pair.Command.Options, option => option.Name == "--yes"));
        Assert.All(ending, pair => Assert.Contains(Commands, row => row.Data.Item1.StartsWith($"{pair.Path} ", StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task WithoutATerminal_YesIsNeeded(string command, string _)
    {
        await using var server = await StartAsync();

        var result = await _cli.RunAsync(command.Split(' '));

        Assert.Equal(2, result.ExitCode);
        Assert.EndsWith("Error: nobody is there to confirm this\nHint: Add --yes.\n", result.Error, StringComparison.Ordinal);
        Assert.All(server.Requests, request => Assert.Contains(request.Method, Reading));
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task OnATerminal_WhatIsLostIsSaid_AndNoIsNo(string command, string lost)
    {
        await using var server = await StartAsync();
        (_cli.Interactive, _cli.Input) = (true, "n\n");

        var result = await _cli.RunAsync(command.Split(' '));

        Assert.Equal(1, result.ExitCode);
        Assert.Contains(lost, result.Error, StringComparison.Ordinal);
        Assert.Contains("? [y/N] ", result.Error, StringComparison.Ordinal);
        Assert.EndsWith("Error: not confirmed: nothing was done\n", result.Error, StringComparison.Ordinal);
        Assert.All(server.Requests, request => Assert.Contains(request.Method, Reading));
    }

    [Fact]
    public async Task WhenInputEnds_NothingIsDone()
    {
        await using var server = await StartAsync();
        (_cli.Interactive, _cli.Input) = (true, "");

        Assert.Equal(1, (await _cli.RunAsync("secret", "delete", "database")).ExitCode);
        Assert.All(server.Requests, request => Assert.Contains(request.Method, Reading));
    }

    public void Dispose() => _cli.Dispose();

    private static IEnumerable<(Command Command, string Path)> Descendants(Command command, string path) => command.Subcommands.SelectMany(child =>
    {
        var childPath = $"{path} {child.Name}".Trim();
        return Descendants(child, childPath).Prepend((child, childPath));
    });

    private async Task<FakeControlPlane> StartAsync()
    {
        var server = await FakeControlPlane.StartAsync();
        _cli.Using(server);
        return server
            .On("GET", $"{Organization}/runners/old/impact", new RunnerImpact { Credentials = 1, Tunnels = 2, Operations = 3, Connections = [], DefaultLevels = [] })
            .On("GET", $"{Organization}/runners/old/credentials", new Api.ListResponse<RunnerCredential>([Credential()]))
            .On("GET", $"{Organization}/secrets/database", Samples.Secret("database"))
            .On("GET", $"{Organization}/variables/region", Variable())
            .On("GET", $"{Organization}/service-accounts/ci/keys", new Api.ListResponse<Api.ApiKeys.ApiKey>(Samples.ApiKeys()));
    }

    private static RunnerCredential Credential() => new()
    {
        Id = "c1",
        CreatedBy = new Api.Identity.Actor("user", "ada"),
        CreatedAt = CliHarness.Now,
        ExpiresAt = CliHarness.Now.AddDays(1),
        CertificateSerial = "01",
        ApiKeyId = "k1",
        Connected = 2,
    };

    private static Variable Variable() => new()
    {
        Id = "v1",
        Name = "region",
        Organization = "acme",
        Version = 2,
        Value = "eu",
        CreatedAt = CliHarness.Now,
        UpdatedAt = CliHarness.Now,
    };
}
