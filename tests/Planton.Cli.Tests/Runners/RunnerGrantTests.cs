using Planton.Api;
using Planton.Api.Errors;
using Planton.Api.Identity;
using Planton.Api.RunnerGrants;
using Planton.Api.Runners;
using Planton.Cli.Tests.Support;

namespace Planton.Cli.Tests.Runners;

/// <summary>What organizations may use the platform's runners for.</summary>
public sealed class RunnerGrantTests : IDisposable
{
    private const string Collection = "/api/v1/platform/runners/shared/grants";
    private readonly CliHarness _cli = new();

    [Fact]
    public async Task WhenGranted_WhatIsAllowedIsSent_AndNoOrganizationNeedsToBeChosen()
    {
        await using var server = await StartAsync();
        server.On("POST", Collection, Grant("g1") with { KubeContexts = ["staging", "test"] });
        _cli.Variables.Remove("PLANTON_ORG");

        var result = await _cli.RunAsync("runner", "grant", "shared", "--to-org", "acme", "--kube-context", "staging", "--kube-context", "test");

        Assert.Equal("Granted runner shared of the platform to organization acme. What there is: planton runner grants shared\n", result.Error);
        Assert.Equal(
            """
            ID   ORGANIZATION   MODE     ALLOWS                  AGE   BY
            g1   acme           runner   context staging, test   2d    ada

            """,
            result.Out);
        Assert.Equal("""{"organization":"acme","mode":"runner","kubeContexts":["staging","test"]}""", Assert.Single(server.Requests).Body);
    }

    [Fact]
    public async Task WhenGrantedForInline_TheRangesAreSent()
    {
        await using var server = await StartAsync();
        server.On("POST", Collection, Grant("g2") with { Mode = "inline", AllowCidrs = ["10.20.0.0/16"] });

        var result = await _cli.RunAsync("runner", "grant", "shared", "--to-org", "acme", "--mode", "inline", "--allow-cidr", "10.20.0.0/16", "-o", "name");

        Assert.Equal((0, "grant/g2\n"), (result.ExitCode, result.Out));
        Assert.Equal("""{"organization":"acme","mode":"inline","allowCidrs":["10.20.0.0/16"]}""", Assert.Single(server.Requests).Body);
    }

    [Theory]
    [InlineData("--allow-cidr CIDR", "--to-org", "acme", "--mode", "inline")]
    [InlineData("--mode inline", "--to-org", "acme", "--allow-cidr", "10.0.0.0/8")]
    [InlineData("--mode runner", "--to-org", "acme", "--mode", "inline", "--allow-cidr", "10.0.0.0/8", "--kube-context", "x")]
    [InlineData("--to-org", "--mode", "runner")]
    [InlineData("everything", "--to-org", "acme", "--mode", "everything")]
    public async Task WhatDoesNotGoTogetherIsRefused_AndNothingIsSent(string named, params string[] options)
    {
        await using var server = await StartAsync();

        var result = await _cli.RunAsync(["runner", "grant", "shared", .. options]);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(named, result.Error, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task WhenListed_EachFormatShowsThem()
    {
        await using var server = await StartAsync();

        Assert.Equal(
            """
            ID   ORGANIZATION   MODE     ALLOWS                       AGE   BY
            g1   acme           runner   the current context          2d    ada
            g2   beta           inline   10.20.0.0/16, 192.0.2.0/24   2d    ada

            """,
            (await ListAsync("table")).Out);
        Assert.Equal("grant/g1\ngrant/g2\n", (await ListAsync("name")).Out);
        Assert.Contains("\"allowCidrs\": [\n", (await ListAsync("json")).Out, StringComparison.Ordinal);
        Assert.StartsWith("items:\n- id: g1\n", (await ListAsync("yaml")).Out, StringComparison.Ordinal);

        Task<CliResult> ListAsync(string format) => _cli.RunAsync("runner", "grants", "shared", "-o", format);
    }

    [Theory]
    [InlineData("g2")]
    [InlineData("grant/g2")]
    public async Task WhenRevoked_ThatIsSaid(string id)
    {
        await using var server = await StartAsync();
        server.OnJson("DELETE", $"{Collection}/g2", "", 204);

        var result = await _cli.RunAsync("runner", "revoke-grant", "shared", id, "--yes");

        Assert.Equal((0, "", "Revoked grant g2. What runs by it is aborted.\n"), (result.ExitCode, result.Out, result.Error));
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData("y\n", 0, 1)]
    [InlineData("\n", 1, 0)]
    public async Task WhenAsked_WhatIsLostIsSaid_AndOnlyYesRevokes(string answer, int exitCode, int requests)
    {
        await using var server = await StartAsync();
        server.OnJson("DELETE", $"{Collection}/g2", "", 204);
        (_cli.Interactive, _cli.Input) = (true, answer);

        var result = await _cli.RunAsync("runner", "revoke-grant", "shared", "g2");

        Assert.Equal((exitCode, requests), (result.ExitCode, server.Requests.Count(request => request.Method == "DELETE")));
        Assert.StartsWith(
            "Organization beta may no longer use the runner for: mode inline, 10.20.0.0/16, 192.0.2.0/24. What runs by it is aborted.\nRevoke grant g2 of runner shared of the platform? [y/N] ",
            result.Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenNobodyCanConfirm_NothingIsRevoked()
    {
        await using var server = await StartAsync();

        var result = await _cli.RunAsync("runner", "revoke-grant", "shared", "g2");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("Add --yes.", result.Error, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData(ErrorCode.PermissionDenied, 4)]
    [InlineData(ErrorCode.RunnerNotFound, 3)]
    [InlineData(ErrorCode.InvalidArgument, 2)]
    public async Task WhenItIsRefused_TheReasonIsSaid(string code, int exitCode)
    {
        await using var server = await FakeControlPlane.StartAsync();
        foreach (var (method, path) in new[] { ("POST", Collection), ("GET", Collection), ("DELETE", $"{Collection}/g2") })
            server.OnProblem(method, path, code, "no");
        _cli.Using(server);

        foreach (var command in (string[][])[["grant", "shared", "--to-org", "acme"], ["grants", "shared"], ["revoke-grant", "shared", "g2", "--yes"]])
            Assert.Equal((exitCode, "Error: no\n"), Outcome(await _cli.RunAsync(["runner", .. command])));

        static (int, string) Outcome(CliResult result) => (result.ExitCode, result.Error);
    }

    [Theory]
    [InlineData("planton runner grant ")]
    [InlineData("planton runner grants ")]
    [InlineData("planton runner revoke-grant ")]
    public async Task TheShellOffersThePlatformsRunners_AndOrganizations(string line)
    {
        await using var server = await StartAsync();
        server.On("GET", "/api/v1/platform/runners", new ListResponse<Runner>([Samples.Runner("shared")]))
            .On("GET", "/api/v1/organizations", new ListResponse<Api.Organizations.Organization>([Samples.Organization("acme")]));
        _cli.Variables.Remove("PLANTON_ORG");

        Assert.Contains("shared", (await _cli.RunAsync($"[suggest:{line.Length}]", line)).Out, StringComparison.Ordinal);
        const string Option = "planton runner grant shared --to-org ";
        Assert.Contains("acme", (await _cli.RunAsync($"[suggest:{Option.Length}]", Option)).Out, StringComparison.Ordinal);
    }

    public void Dispose() => _cli.Dispose();

    private static RunnerGrant Grant(string id) => new()
    {
        Id = id, Runner = "shared", Organization = "acme", Mode = "runner", CreatedAt = CliHarness.Now.AddDays(-2), CreatedBy = new Actor("user", "ada"),
    };

    private async Task<FakeControlPlane> StartAsync()
    {
        var server = await FakeControlPlane.StartAsync();
        server.On("GET", Collection, new ListResponse<RunnerGrant>(
            [Grant("g1"), Grant("g2") with { Organization = "beta", Mode = "inline", AllowCidrs = ["10.20.0.0/16", "192.0.2.0/24"] }]));
        _cli.Using(server);
        return server;
    }
}
