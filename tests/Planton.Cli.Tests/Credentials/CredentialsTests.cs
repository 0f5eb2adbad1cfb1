using Planton.Api;
using Planton.Api.Credentials;
using Planton.Api.Errors;
using Planton.Api.Identity;
using Planton.Cli.Tests.Support;

namespace Planton.Cli.Tests.Credentials;

/// <summary>The credentials of a runner one by one.</summary>
public sealed class CredentialsTests : IDisposable
{
    private const string Collection = "/api/v1/organizations/acme/runners/prod-runner/credentials";
    private readonly CliHarness _cli = new();

    [Fact]
    public async Task WhenListed_TheirStateIsTold()
    {
        await using var server = await StartAsync();

        var result = await _cli.RunAsync("runner", "credentials", "list", "prod-runner");

        Assert.Equal(
            """
            ID   STATE                  CREATED   BY    EXPIRES                LAST USED   TUNNELS   API KEY   CERTIFICATE
            c3   valid                  2d        ada   2026-06-02T05:06:07Z   5m          2         key-c3    0A-c3
            c2   expired                2d        ada   2026-03-04T05:06:07Z   5m          0         key-c2    0A-c2
            c1   revoked 3h ago by bo   2d        ada   2026-06-02T05:06:07Z   never       0         key-c1    0A-c1

            """,
            result.Out);
    }

    [Fact]
    public async Task WhenOtherFormatsAreAskedFor_TheyAreTheApis()
    {
        await using var server = await StartAsync();

        Assert.Equal("credential/c3\ncredential/c2\ncredential/c1\n", (await ListAsync("name")).Out);
        Assert.Contains("\"certificateSerial\": \"0A-c3\"", (await ListAsync("json")).Out, StringComparison.Ordinal);
        Assert.StartsWith("items:\n- id: c3\n", (await ListAsync("yaml")).Out, StringComparison.Ordinal);

        Task<CliResult> ListAsync(string format) => _cli.RunAsync("runner", "credentials", "list", "prod-runner", "-o", format);
    }

    [Fact]
    public async Task WhenTheRunnerIsThePlatforms_ThePlatformIsAsked()
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.On("GET", "/api/v1/platform/runners/shared/credentials", new ListResponse<RunnerCredential>([]));
        _cli.Using(server).Variables.Remove("PLANTON_ORG");

        var result = await _cli.RunAsync("runner", "credentials", "list", "shared", "--platform");

        Assert.Equal((0, "ID   STATE   CREATED   BY   EXPIRES   LAST USED   TUNNELS   API KEY   CERTIFICATE\n"), (result.ExitCode, result.Out));
    }

    [Fact]
    public async Task WhenRevoked_WhatWasCutIsSaid()
    {
        await using var server = await StartAsync();
        server.On("DELETE", $"{Collection}/c3", new RevocationSummary(1, 1, 2, 0));

        var result = await _cli.RunAsync("runner", "credentials", "revoke", "prod-runner", "c3", "--yes");

        Assert.Equal((0, "", "Revoked 1 credential and 1 API key; cut 2 tunnels and 0 operations.\n"), (result.ExitCode, result.Out, result.Error));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task WhenItWasRevokedBefore_ThatIsSaidAndNoError()
    {
        await using var server = await StartAsync();
        server.On("DELETE", $"{Collection}/c1", new RevocationSummary(0, 0, 0, 0));

        var result = await _cli.RunAsync("runner", "credentials", "revoke", "prod-runner", "c1", "--yes");

        Assert.Equal((0, "Credential c1 was not valid any more.\n"), (result.ExitCode, result.Error));
    }

    [Fact]
    public async Task WhenNobodyCanConfirm_NothingIsRevoked()
    {
        await using var server = await StartAsync();

        var result = await _cli.RunAsync("runner", "credentials", "revoke", "prod-runner", "c3");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("Add --yes.", result.Error, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData("yes\n", 0, 1)]
    [InlineData("no\n", 1, 0)]
    public async Task WhenAsked_OnlyYesRevokes(string answer, int exitCode, int requests)
    {
        await using var server = await StartAsync();
        server.On("DELETE", $"{Collection}/c3", new RevocationSummary(1, 1, 0, 0));
        (_cli.Interactive, _cli.Input) = (true, answer);

        var result = await _cli.RunAsync("runner", "credentials", "revoke", "prod-runner", "c3");

        Assert.Equal((exitCode, requests), (result.ExitCode, server.Requests.Count(request => request.Method == "DELETE")));
        Assert.StartsWith(
            "Runners that use it are refused from then on. Cut now: 2 tunnels, with the operations in them.\nRevoke credential c3 of runner prod-runner in organization acme? [y/N] ",
            result.Error,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ErrorCode.NotFound, 3)]
    [InlineData(ErrorCode.RunnerNotFound, 3)]
    [InlineData(ErrorCode.PermissionDenied, 4)]
    public async Task WhenItIsRefused_TheReasonIsSaid(string code, int exitCode)
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.OnProblem("DELETE", $"{Collection}/c9", code, "no").OnProblem("GET", Collection, code, "no");
        _cli.Using(server);

        Assert.Equal(exitCode, (await _cli.RunAsync("runner", "credentials", "revoke", "prod-runner", "c9", "--yes")).ExitCode);
        Assert.Equal(exitCode, (await _cli.RunAsync("runner", "credentials", "list", "prod-runner")).ExitCode);
    }

    public void Dispose() => _cli.Dispose();

    private static RunnerCredential Credential(string id) => new()
    {
        Id = id,
        CertificateSerial = $"0A-{id}",
        ApiKeyId = $"key-{id}",
        CreatedBy = new Actor("user", "ada"),
        CreatedAt = CliHarness.Now.AddDays(-2),
        ExpiresAt = CliHarness.Now.AddDays(90),
        LastUsedAt = CliHarness.Now.AddMinutes(-5),
    };

    private async Task<FakeControlPlane> StartAsync()
    {
        var server = await FakeControlPlane.StartAsync();
        server.On("GET", Collection, new ListResponse<RunnerCredential>(
        [
            Credential("c3") with { Connected = 2 },
            Credential("c2") with { ExpiresAt = CliHarness.Now },
            Credential("c1") with { LastUsedAt = null, RevokedAt = CliHarness.Now.AddHours(-3), RevokedBy = new Actor("user", "bo") },
        ]));
        _cli.Using(server);
        return server;
    }
}
