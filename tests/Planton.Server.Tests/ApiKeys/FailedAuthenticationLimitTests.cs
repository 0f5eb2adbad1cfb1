using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Planton.Api.Errors;
using Planton.Server.ApiKeys;
using Planton.Server.Storage;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.ApiKeys;

/// <summary>Many keys that are not good, from one address.</summary>
public abstract class FailedAuthenticationLimitTests(DatabaseKind database) : IAsyncLifetime
{
    private const int Limit = 20;
    private const int Flood = 200;

    private GatedContexts _contexts = null!;

    private protected ServerFixture Server { get; private set; } = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => Server = await ServerFixture.StartAsync(
        options => options with { Quotas = ServerFixture.Quotas with { AddressAuthenticationFailures = Limit } },
        builder =>
        {
            var own = builder.Services.Last(service => service.ServiceType == typeof(IDbContextFactory<ControlPlaneContext>));
            builder.Services.AddSingleton<IDbContextFactory<ControlPlaneContext>>(provider => _contexts = new GatedContexts(
                (IDbContextFactory<ControlPlaneContext>)ActivatorUtilities.CreateInstance(provider, own.ImplementationType!)));
        },
        database);

    public async ValueTask DisposeAsync()
    {
        if (Server is not null)
            await Server.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task UnknownKeys_AreRefusedWith429_WithAFewQueriesAndLines()
    {
        var (queries, lines) = (_contexts.Count, Server.Log.Records.Count);

        var answers = await FloodAsync(() => ApiKeyText.Generate().Text);

        Assert.Equal(Limit, answers.TakeWhile(answer => answer == HttpStatusCode.Unauthorized).Count());
        Assert.All(answers.Skip(Limit), answer => Assert.Equal(HttpStatusCode.TooManyRequests, answer));
        // Those that are looked up, and the ids of all keys once a second; and what the server does in the background.
        Assert.InRange(_contexts.Count - queries, Limit, Limit + 40);
        Assert.InRange(Server.Log.Records.Count - lines, 1, 3);
        Assert.Contains($"More than {Limit} authentications from 127.0.0.1 failed within a minute", Server.Log.Text, StringComparison.Ordinal);
        using var client = Server.HttpClient(ApiKeyText.Generate().Text);
        using var response = await client.GetAsync("api/v1/me", Cancellation);
        Assert.InRange(response.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), AuthenticationFailures.Window);
        Assert.Empty(response.Headers.WwwAuthenticate);
        Assert.Contains("quota address-authentication-failures: 20", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Server.Get<AuthenticationFailures>().EndWindow();
        Assert.Contains($"{Flood + 1} authentications from 127.0.0.1 failed within a minute", Server.Log.Text, StringComparison.Ordinal);
        await Expect.ProblemAsync(ErrorCode.Unauthenticated, () => Server.Client(ApiKeyText.Generate().Text).GetCallerAsync(Cancellation));
    }

    [Fact]
    public async Task GoodKeysFromTheSameAddressGoOn_AlsoThoseThatWereNeverUsed()
    {
        var before = await Server.AddUserAsync("before");
        await FloodAsync(() => ApiKeyText.Generate().Text);

        await Server.Admin.GetCallerAsync(Cancellation);
        Assert.Equal("before", (await Server.Client(before).GetCallerAsync(Cancellation)).Name);
        // Of one that was made during the flood it may take a second to be known.
        var during = await Server.AddUserAsync("during");
        await Expect.EventuallyAsync("the new key works", async () =>
        {
            using var client = Server.HttpClient(during);
            using var response = await client.GetAsync("api/v1/me", Cancellation);
            return response.IsSuccessStatusCode;
        });
    }

    [Fact]
    public async Task AKeyThatExistsIsLookedUpTenTimes_AndItsOwnerIsNotShutOut()
    {
        var good = await Server.AddUserAsync("kim");
        var forged = Forge(good[4..16]);
        await Expect.ProblemAsync(ErrorCode.Unauthenticated, () => Server.Client(forged).GetCallerAsync(Cancellation));
        var queries = _contexts.Count;

        var answers = await FloodAsync(() => forged);

        Assert.DoesNotContain(HttpStatusCode.OK, answers);
        // Looked up nine times more, and recorded so.
        Assert.InRange(_contexts.Count - queries, 9, 9 + 9 + 20);
        Assert.Equal("kim", (await Server.Client(good).GetCallerAsync(Cancellation)).Name);
    }

    [Fact]
    public async Task AnExpiredKeyInALoop_IsLookedUpTenTimes_AndSaysWhy()
    {
        var expired = await Server.AddUserAsync("kim", expiresAt: TimeProvider.System.GetUtcNow().AddDays(-1));
        var queries = _contexts.Count;
        using var client = Server.HttpClient(expired);
        for (var number = 0; number < Limit; number++)
        {
            using var response = await client.GetAsync("api/v1/me", Cancellation);
            Assert.Contains("expired at", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        }

        Assert.InRange(_contexts.Count - queries, 20, 20 + 9);
    }

    private async Task<List<HttpStatusCode>> FloodAsync(Func<string> key)
    {
        using var client = Server.HttpClient();
        var answers = new List<HttpStatusCode>();
        for (var number = 0; number < Flood; number++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "api/v1/me");
            request.Headers.Authorization = Api.Client.PlantonApiClient.Bearer(key());
            using var response = await client.SendAsync(request, Cancellation);
            answers.Add(response.StatusCode);
        }

        return answers;
    }

    // A key of that id with a secret of its own, and a right checksum.
    private static string Forge(string id)
    {
        var body = id + new string('z', ApiKeyText.SecretLength);
        var rest = System.IO.Hashing.Crc32.HashToUInt32(System.Text.Encoding.ASCII.GetBytes(body));
        const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
        var checksum = new char[ApiKeyText.ChecksumLength];
        for (var place = checksum.Length - 1; place >= 0; place--, rest /= 62)
            checksum[place] = Digits[(int)(rest % 62)];
        return ApiKeyText.Prefix + body + new string(checksum);
    }
}

public sealed class FailedAuthenticationLimitTestsOnSqlite() : FailedAuthenticationLimitTests(DatabaseKind.Sqlite);

public sealed class FailedAuthenticationLimitTestsOnPostgreSql() : FailedAuthenticationLimitTests(DatabaseKind.PostgreSql);
