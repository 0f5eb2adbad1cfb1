using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Planton.Runner.Credentials;
using Planton.Runner.Logging;
using Planton.Runner.Network;
using Planton.Runner.Startup;
using Planton.Runner.Tests.Fixtures;
using Planton.Testing.Network;

namespace Planton.Runner.Tests;

/// <summary>The second phase against a real HTTPS server that answers well, badly, oddly or not at all.</summary>
public sealed class IdentityCheckTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly TestAuthority _authority = new();
    private readonly NoPauses _time = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _authority.Dispose();

    [Theory]
    [InlineData("""{"kind":"service-account","id":"sa","name":"n","apiKeyId":"k","runner":{"id":"runner-1","name":"prod","organization":"acme","organizationId":"org-1"}}""")]
    [InlineData("""{"kind":"service-account","id":"sa","name":"n","apiKeyId":"k","organizations":null,"new":{"a":[1]},"runner":{"id":"runner-1","name":null,"organization":null,"organizationId":"org-1"}}""")]
    public async Task TheAnswerOfTheRightRunnerIsAccepted_WithFieldsMissingNullOrUnknown(string json) =>
        Assert.Null(await RunAsync(200, json));

    [Theory]
    [InlineData("""{"kind":"user","id":"u","name":"ada","apiKeyId":"k"}""", "wrong runner: the API key belongs to the user 'ada'")]
    [InlineData("""{"kind":"user","id":"u","name":null,"apiKeyId":"k","runner":null}""", "which is no runner's service account")]
    [InlineData("""{"kind":"service-account","id":"sa","name":"n","apiKeyId":"k","runner":{"id":"runner-1","name":"prod","organization":"beta","organizationId":"org-2"}}""", "wrong organization")]
    [InlineData("""{"kind":"service-account","id":"sa","name":"n","apiKeyId":"k","runner":{"id":"runner-1","name":"prod"}}""", "the API key is of a runner of the platform")]
    [InlineData("""{"kind":"service-account","id":"sa","name":"n","apiKeyId":"k","runner":{"id":"RUNNER-1","name":"prod","organizationId":"org-1"}}""", "wrong runner")]
    [InlineData("""{"kind":"service-account","id":"sa","name":"n","apiKeyId":"k","runner":{"organizationId":"org-1"}}""", "wrong runner")]
    public async Task AnybodyElsesKeyIsRefusedForGood(string json, string expected)
    {
        var failure = await RunAsync(200, json);
        Assert.Equal((ExitCode.Refused, StartStep.Identity), (failure!.ExitCode, failure.Step));
        Assert.Contains(expected, failure.Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(401, "")]
    [InlineData(401, "<html>who are you</html>")]
    [InlineData(403, """{"status":403,"code":"permission_denied","detail":"not you"}""")]
    public async Task ARefusalIsNotTriedAgain(int status, string body)
    {
        var failure = await RunAsync(status, body);
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
        var (failure, asked) = await AskAsync(status, body, attempts: 2);
        Assert.Equal((ExitCode.Unreachable, StartStep.Identity), (failure!.ExitCode, failure.Step));
        Assert.Contains("could not be reached within --start-timeout. Last error: ", failure.Why, StringComparison.Ordinal);
        Assert.DoesNotContain("no answer yet", failure.Why, StringComparison.Ordinal);
        Assert.DoesNotContain(TestCredentials.ApiKey, failure.Why, StringComparison.Ordinal);
        Assert.Equal(2, asked);
    }

    [Fact]
    public async Task ThePausesBetweenTwoQuestionsGrowTo5Seconds_AndAreHalfRandom()
    {
        await AskAsync(503, "", attempts: 8);

        double[] longest = [250, 500, 1000, 2000, 4000, 5000, 5000];
        Assert.Equal(longest.Length, _time.Pauses.Count);
        Assert.All(_time.Pauses.Zip(longest), pair => Assert.InRange(pair.First.TotalMilliseconds, pair.Second / 2, pair.Second));
        Assert.NotEqual(_time.Pauses[^1], _time.Pauses[^2]);
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
        await RunAsync(api.Url, attempts: 2);
        Assert.All(api.Seen, seen => Assert.Equal("Bearer " + TestCredentials.ApiKey, seen.Header("Authorization")));
        Assert.Equal(2, api.Seen.Count);
        Assert.Equal(0, elsewhere);
    }

    [Fact]
    public async Task AServerOfAnotherAuthorityGetsNoKey()
    {
        using var stranger = new TestAuthority("Interceptor Inc");
        await using var api = await TestTarget.StartAsync(stranger.Server());
        var failure = await RunAsync(api.Url, attempts: 2);
        Assert.Equal(ExitCode.Unreachable, failure!.ExitCode);
        Assert.Contains("unknown authority (CN=Interceptor Inc)", failure.Why, StringComparison.Ordinal);
        Assert.Empty(api.Seen);
    }

    [Theory]
    [InlineData("https://no-such-host.invalid", "cannot be resolved by DNS")]
    [InlineData("closed", "refused the connection")]
    public async Task AnAddressThatIsNotThereIsToldWithItsStage(string url, string expected)
    {
        var failure = await RunAsync(url == "closed" ? $"https://127.0.0.1:{FreePort.Find()}" : url, attempts: 2);
        Assert.Equal(ExitCode.Unreachable, failure!.ExitCode);
        Assert.Contains(expected, failure.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AServerThatAcceptsAndSaysNothingIsGivenUpWhenTheTimeIsUp()
    {
        using var deadline = new CancellationTokenSource();
        await using var api = await TestTarget.StartAsync(_authority.Server(), async context =>
        {
            await deadline.CancelAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        });
        var failure = await RunAsync(api.Url, int.MaxValue, deadline).WaitAsync(Limit, Cancel);
        Assert.Equal(ExitCode.Unreachable, failure!.ExitCode);
        Assert.Contains("Last error: no answer yet", failure.Why, StringComparison.Ordinal);
        Assert.Single(api.Seen);
    }

    [Fact]
    public async Task AnEndpointBelowAPathKeepsItsPath()
    {
        await using var api = await TestTarget.StartAsync(_authority.Server(), context =>
            context.Response.WriteAsync(Caller(context.Request.Path == "/planton/api/v1/me")));
        Assert.Null(await RunAsync(api.Url + "/planton/"));
    }

    [Fact]
    public async Task TheControlPlaneIsReachedThroughTheProxyOfTheEnvironment()
    {
        await using var api = await TestTarget.StartAsync(_authority.Server(["control.test"]), context => context.Response.WriteAsync(Caller(true)));
        await using var proxy = new ConnectProxy("pass-word-1");
        Assert.Null(await RunAsync($"https://control.test:{api.Port}", environment: ("HTTPS_PROXY", $"http://user:pass-word-1@127.0.0.1:{proxy.Port}")));
        Assert.Equal($"control.test:{api.Port}", proxy.Targets.Single());

        var refused = await RunAsync($"https://control.test:{api.Port}", attempts: 1, environment: ("HTTPS_PROXY", $"http://user:wrong-pass-2@127.0.0.1:{proxy.Port}"));
        Assert.Contains("answered 407", refused!.Why, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong-pass-2", refused.Why, StringComparison.Ordinal);
    }

    private static string Caller(bool right) => JsonSerializer.Serialize(new
    {
        kind = "service-account", id = "sa", name = "n", apiKeyId = "k", runner = new { id = right ? "runner-1" : "x", name = "prod", organizationId = "org-1" },
    });

    private async Task<StartFailure?> RunAsync(int status, string body) => (await AskAsync(status, body, int.MaxValue)).Failure;

    private async Task<(StartFailure? Failure, int Asked)> AskAsync(int status, string body, int attempts)
    {
        await using var api = await TestTarget.StartAsync(_authority.Server(), async context =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = body.StartsWith('{') ? "application/json" : "text/html";
            if (status != 204)
                await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(body));
        });
        return (await RunAsync(api.Url, attempts), api.Seen.Count);
    }

    /// <summary>The time for starting is up after a number of attempts that failed, or when the test says so.</summary>
    private async Task<StartFailure?> RunAsync(
        string url, int attempts = int.MaxValue, CancellationTokenSource? timeIsUp = null, (string Name, string Value) environment = default)
    {
        var masker = new SecretMasker();
        var json = TestCredentials.Json(new TestCredentials(_authority) { ControlPlane = url }.Document());
        var locator = new CredentialsLocator(name => name == CredentialsLocator.JsonVariable ? json : null);
        using var loaded = new CredentialsLoader(locator, masker, TimeProvider.System).Load(new CredentialsRequest()).Value!;
        var egress = EgressProxy.FromEnvironment(name => name == environment.Name ? environment.Value : null, masker).Value!;
        using var client = new ControlPlaneClient(loaded, egress);
        using var limit = new CancellationTokenSource(Limit, TimeProvider.System);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, timeIsUp?.Token ?? Cancel, Cancel);
        return await new IdentityCheck(client, loaded, _time, new Attempts(attempts, deadline)).RunAsync(deadline.Token);
    }

    /// <summary>Notes how long is paused, and does not wait.</summary>
    private sealed class NoPauses : TimeProvider
    {
        public List<TimeSpan> Pauses { get; } = [];

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Pauses.Add(dueTime);
            return base.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }

    /// <summary>Each attempt that failed is a warning; after the last one allowed the time is up.</summary>
    private sealed class Attempts(int allowed, CancellationTokenSource timeIsUp) : ILogger<IdentityCheck>
    {
        private int _failed;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (++_failed == allowed)
                timeIsUp.Cancel();
        }
    }
}
