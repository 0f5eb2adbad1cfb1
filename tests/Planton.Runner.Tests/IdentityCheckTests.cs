using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Planton.Runner.Credentials;
using Planton.Runner.Logging;
using Planton.Runner.Network;
using Planton.Runner.Startup;
using Planton.Runner.Tests.Fixtures;

namespace Planton.Runner.Tests;

/// <summary>The second phase against a real HTTPS server that answers well, badly, oddly or not at all.</summary>
public sealed class IdentityCheckTests : IDisposable
{
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    private readonly TestAuthority _authority = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _authority.Dispose();

    [Theory]
    [InlineData("""{"kind":"service-account","id":"sa","name":"n","apiKeyId":"k","runner":{"id":"runner-1","name":"prod","organization":"acme","organizationId":"org-1"}}""")]
    [InlineData("""{"kind":"service-account","id":"sa","name":"n","apiKeyId":"k","organizations":null,"new":{"a":[1]},"runner":{"id":"runner-1","name":null,"organization":null,"organizationId":"org-1"}}""")]
    public async Task TheAnswerOfTheRightRunnerIsAccepted_WithFieldsMissingNullOrUnknown(string json) =>
        Assert.Null(await RunAsync(200, json, Long));

    [Theory]
    [InlineData("""{"kind":"user","id":"u","name":"ada","apiKeyId":"k"}""", "wrong runner: the API key belongs to the user 'ada'")]
    [InlineData("""{"kind":"user","id":"u","name":null,"apiKeyId":"k","runner":null}""", "which is no runner's service account")]
    [InlineData("""{"kind":"service-account","id":"sa","name":"n","apiKeyId":"k","runner":{"id":"runner-1","name":"prod","organization":"beta","organizationId":"org-2"}}""", "wrong organization")]
    [InlineData("""{"kind":"service-account","id":"sa","name":"n","apiKeyId":"k","runner":{"id":"runner-1","name":"prod"}}""", "the API key is of a runner of the platform")]
    [InlineData("""{"kind":"service-account","id":"sa","name":"n","apiKeyId":"k","runner":{"id":"RUNNER-1","name":"prod","organizationId":"org-1"}}""", "wrong runner")]
    [InlineData("""{"kind":"service-account","id":"sa","name":"n","apiKeyId":"k","runner":{"organizationId":"org-1"}}""", "wrong runner")]
    public async Task AnybodyElsesKeyIsRefusedForGood(string json, string expected)
    {
        var failure = await RunAsync(200, json, Long);
        Assert.Equal((ExitCode.Refused, StartStep.Identity), (failure!.ExitCode, failure.Step));
        Assert.Contains(expected, failure.Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(401, "")]
    [InlineData(401, "<html>who are you</html>")]
    [InlineData(403, """{"status":403,"code":"permission_denied","detail":"not you"}""")]
    public async Task ARefusalIsNotTriedAgain(int status, string body)
    {
        var failure = await RunAsync(status, body, Long);
        Assert.Equal(ExitCode.Refused, failure!.ExitCode);
        Assert.Contains("does not accept the API key", failure.Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(200, "")]
    [InlineData(200, "null")]
    [InlineData(200, "{}")]
    [InlineData(200, "[]")]
    [InlineData(200, "<html>sign in to the hotel's network</html>")]
    [InlineData(200, """{"kind":"user""")]
    [InlineData(204, "")]
    [InlineData(302, "")]
    [InlineData(404, "nothing here")]
    [InlineData(407, "")]
    [InlineData(429, """{"status":429,"code":"rate_limited","detail":"slow down"}""")]
    [InlineData(500, """{"no":"problem"}""")]
    [InlineData(502, "bad gateway")]
    public async Task WhatIsNoAnswerIsTriedAgainUntilTheTimeIsUp_AndThenTold(int status, string body)
    {
        var (failure, asked) = await AskAsync(status, body, Short);
        Assert.Equal((ExitCode.Unreachable, StartStep.Identity), (failure!.ExitCode, failure.Step));
        Assert.Contains("could not be reached within --start-timeout. Last error: ", failure.Why, StringComparison.Ordinal);
        Assert.DoesNotContain("no answer yet", failure.Why, StringComparison.Ordinal);
        Assert.DoesNotContain(TestCredentials.ApiKey, failure.Why, StringComparison.Ordinal);
        Assert.InRange(asked, 2, 12);
    }

    [Fact]
    public async Task TheKeyGoesToTheControlPlaneAlone_NotWhereARedirectPoints()
    {
        var elsewhere = 0;
        await using var other = await TestTarget.StartAsync(_authority.Server(), _ =>
        {
            Interlocked.Increment(ref elsewhere);
            return Task.CompletedTask;
        });
        await using var api = await TestTarget.StartAsync(_authority.Server(), context =>
        {
            context.Response.Redirect(other.Url + "/api/v1/me");
            return Task.CompletedTask;
        });
        await RunAsync(api.Url, Short);
        Assert.Equal("Bearer " + TestCredentials.ApiKey, api.Seen.First().Header("Authorization"));
        Assert.Equal(0, elsewhere);
    }

    [Fact]
    public async Task AServerOfAnotherAuthorityGetsNoKey()
    {
        using var stranger = new TestAuthority("Interceptor Inc");
        await using var api = await TestTarget.StartAsync(stranger.Server());
        var failure = await RunAsync(api.Url, Short);
        Assert.Equal(ExitCode.Unreachable, failure!.ExitCode);
        Assert.Contains("unknown authority (CN=Interceptor Inc)", failure.Why, StringComparison.Ordinal);
        Assert.Empty(api.Seen);
    }

    [Theory]
    [InlineData("https://no-such-host.invalid", "cannot be resolved by DNS")]
    [InlineData("closed", "refused the connection")]
    public async Task AnAddressThatIsNotThereIsToldWithItsStage(string url, string expected)
    {
        var failure = await RunAsync(url == "closed" ? $"https://127.0.0.1:{TestOperation.FreePort()}" : url, Short);
        Assert.Equal(ExitCode.Unreachable, failure!.ExitCode);
        Assert.Contains(expected, failure.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AServerThatAcceptsAndSaysNothingIsGivenUpWhenTheTimeIsUp()
    {
        await using var api = await TestTarget.StartAsync(_authority.Server(), context => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted));
        var began = TimeProvider.System.GetTimestamp();
        var failure = await RunAsync(api.Url, Short);
        Assert.Equal(ExitCode.Unreachable, failure!.ExitCode);
        Assert.InRange(TimeProvider.System.GetElapsedTime(began), Short / 2, Short * 5);
    }

    [Fact]
    public async Task AnEndpointBelowAPathKeepsItsPath()
    {
        await using var api = await TestTarget.StartAsync(_authority.Server(), context =>
            context.Response.WriteAsync(Caller(context.Request.Path == "/planton/api/v1/me")));
        Assert.Null(await RunAsync(api.Url + "/planton/", Long));
    }

    [Fact]
    public async Task TheControlPlaneIsReachedThroughTheProxyOfTheEnvironment()
    {
        await using var api = await TestTarget.StartAsync(_authority.Server(["control.test"]), context => context.Response.WriteAsync(Caller(true)));
        await using var proxy = new ConnectProxy("pass-word-1");
        Assert.Null(await RunAsync($"https://control.test:{api.Port}", Long, ("HTTPS_PROXY", $"http://user:pass-word-1@127.0.0.1:{proxy.Port}")));
        Assert.Equal($"control.test:{api.Port}", proxy.Targets.Single());

        var refused = await RunAsync($"https://control.test:{api.Port}", Short, ("HTTPS_PROXY", $"http://user:wrong-pass-2@127.0.0.1:{proxy.Port}"));
        Assert.Contains("answered 407", refused!.Why, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong-pass-2", refused.Why, StringComparison.Ordinal);
    }

    private static string Caller(bool right) => JsonSerializer.Serialize(new
    {
        kind = "service-account", id = "sa", name = "n", apiKeyId = "k", runner = new { id = right ? "runner-1" : "x", name = "prod", organizationId = "org-1" },
    });

    private async Task<StartFailure?> RunAsync(int status, string body, TimeSpan time) => (await AskAsync(status, body, time)).Failure;

    private async Task<(StartFailure? Failure, int Asked)> AskAsync(int status, string body, TimeSpan time)
    {
        await using var api = await TestTarget.StartAsync(_authority.Server(), async context =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = body.StartsWith('{') ? "application/json" : "text/html";
            if (status != 204)
                await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(body));
        });
        return (await RunAsync(api.Url, time), api.Seen.Count);
    }

    private async Task<StartFailure?> RunAsync(string url, TimeSpan time, params (string Name, string Value)[] environment)
    {
        var masker = new SecretMasker();
        var json = TestCredentials.Json(new TestCredentials(_authority) { ControlPlane = url }.Document());
        var locator = new CredentialsLocator(name => name == CredentialsLocator.JsonVariable ? json : null);
        using var loaded = new CredentialsLoader(locator, masker, TimeProvider.System).Load(new CredentialsRequest()).Value!;
        var egress = EgressProxy.FromEnvironment(name => environment.FirstOrDefault(e => e.Name == name).Value, masker).Value!;
        using var client = new ControlPlaneClient(loaded, egress);
        using var limit = new CancellationTokenSource(time, TimeProvider.System);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, Cancel);
        return await new IdentityCheck(client, loaded, TimeProvider.System, NullLogger<IdentityCheck>.Instance).RunAsync(deadline.Token);
    }
}
