using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Planton.Api;
using Planton.Api.Errors;
using Planton.Server.ApiKeys;
using Planton.Server.Audit;
using Planton.Server.Storage;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.ApiKeys;

public sealed class AuthenticationTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("api/v1/me")]
    [InlineData("api/v1/server")]
    [InlineData("api/v1/organizations")]
    [InlineData("api/v1/organizations/default/runners")]
    [InlineData("api/v1/platform/runners")]
    [InlineData("api/v1/organizations/default/connections")]
    public async Task WithoutAKeyEveryRouteIs401AndSaysHowToGetOne(string path)
    {
        await using var server = await ServerFixture.StartAsync();
        using var client = server.HttpClient();
        var (problem, response) = await GetProblemAsync(client, path);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(ErrorCode.Unauthenticated, problem.Code);
        Assert.Contains("no API key was presented", problem.Detail, StringComparison.Ordinal);
        Assert.Contains("planton auth login", problem.Hint, StringComparison.Ordinal);
        Assert.Equal("Bearer realm=\"planton\"", response.Headers.WwwAuthenticate.ToString());
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task EachWayToFailIsNamed()
    {
        await using var server = await ServerFixture.StartAsync();
        var good = server.AdminKey;
        var unknown = ApiKeyText.Generate().Text;
        await ExpectDetailAsync(server, "Basic dXNlcjpwYXNz", "not of the form Bearer");
        await ExpectDetailAsync(server, "Bearer sk-12345", "malformed");
        await ExpectDetailAsync(server, $"Bearer {good[..^1]}", "malformed");
        await ExpectDetailAsync(server, $"Bearer {good[..20]}{(good[20] == 'x' ? 'y' : 'x')}{good[21..]}", "checksum");
        await ExpectDetailAsync(server, $"Bearer {unknown}", "unknown to this control plane");
    }

    [Fact]
    public async Task TheSchemesCaseDoesNotMatter()
    {
        await using var server = await ServerFixture.StartAsync();
        using var client = server.HttpClient();
        client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"bearer {server.AdminKey}");
        Assert.Contains("admin", await client.GetStringAsync("api/v1/me", Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenTheKeyIsRevoked_TheNextCallsAre401WithinASecond()
    {
        await using var server = await ServerFixture.StartAsync();
        var key = await server.AddUserAsync("kim");
        await server.Client(key).GetCallerAsync(Cancellation);
        await RevokeAsync(server, key);
        var started = TimeProvider.System.GetTimestamp();
        await Expect.EventuallyAsync("the revoked key is refused", async () =>
        {
            using var client = server.HttpClient(key);
            using var response = await client.GetAsync("api/v1/me", Cancellation);
            return response.StatusCode == HttpStatusCode.Unauthorized;
        });
        Assert.InRange(TimeProvider.System.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(1));
        var problem = await Expect.ProblemAsync(ErrorCode.Unauthenticated, () => server.Client(key).GetCallerAsync(Cancellation));
        Assert.Contains("was revoked at", problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenTheKeyHasExpired_TheCallIs401()
    {
        await using var server = await ServerFixture.StartAsync();
        var key = await server.AddUserAsync("kim", expiresAt: TimeProvider.System.GetUtcNow().AddSeconds(-1));
        var problem = await Expect.ProblemAsync(ErrorCode.Unauthenticated, () => server.Client(key).GetCallerAsync(Cancellation));
        Assert.Contains("expired at", problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ARightIdWithAnotherSecretIsUnknown_EvenWhenTheRealOneIsInUse()
    {
        await using var server = await ServerFixture.StartAsync();
        await server.Admin.GetCallerAsync(Cancellation);
        var forged = Forge(server.AdminKey[4..16]);
        var problem = await Expect.ProblemAsync(ErrorCode.Unauthenticated, () => server.Client(forged).GetCallerAsync(Cancellation));
        Assert.Equal(ApiKeyErrors.Unknown.Detail, problem.Detail);
        Assert.Equal("admin", (await server.Admin.GetCallerAsync(Cancellation)).Name);
    }

    [Fact]
    public async Task AForgedKeyDoesNotLearnThatTheRealOneWasRevoked()
    {
        await using var server = await ServerFixture.StartAsync();
        var key = await server.AddUserAsync("kim");
        await RevokeAsync(server, key);
        var problem = await Expect.ProblemAsync(ErrorCode.Unauthenticated, () => server.Client(Forge(key[4..16])).GetCallerAsync(Cancellation));
        Assert.Equal(ApiKeyErrors.Unknown.Detail, problem.Detail);
    }

    [Fact]
    public async Task AFailureWithAKnownIdIsRecorded_OneWithoutIsNot()
    {
        await using var server = await ServerFixture.StartAsync();
        var key = await server.AddUserAsync("kim");
        await RevokeAsync(server, key);
        var problem = await Expect.ProblemAsync(ErrorCode.Unauthenticated, () => server.Client(key).GetCallerAsync(Cancellation));
        await Expect.ProblemAsync(ErrorCode.Unauthenticated, () => server.Client(ApiKeyText.Generate().Text).GetCallerAsync(Cancellation));
        var record = await server.QueryAsync(context =>
            context.AuditRecords.SingleAsync(record => record.Action == AuditAction.Authenticate, Cancellation));
        Assert.Equal(AuditOutcome.Denied, record.Outcome);
        Assert.Equal(ErrorCode.Unauthenticated, record.Code);
        Assert.Equal(key[4..16], record.ApiKeyId);
        Assert.Equal(problem.OperationId, record.OperationId);
        Assert.Equal("127.0.0.1", record.SourceAddress);
    }

    [Fact]
    public async Task TheLastUseIsWritten()
    {
        await using var server = await ServerFixture.StartAsync();
        await server.Admin.GetCallerAsync(Cancellation);
        await Expect.EventuallyAsync("the last use is stored", () => server.QueryAsync(context =>
            context.ApiKeys.AnyAsync(key => key.LastUsedAt != null, Cancellation)));
    }

    [Fact]
    public async Task WhatWasPresentedIsNeverRepeated()
    {
        await using var server = await ServerFixture.StartAsync();
        var forged = Forge(server.AdminKey[4..16]);
        using var client = server.HttpClient(forged);
        using var response = await client.GetAsync("api/v1/me", Cancellation);
        Assert.DoesNotContain(forged[16..48], await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.DoesNotContain(forged[16..48], server.Log.Text, StringComparison.Ordinal);
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

    private static Task<int> RevokeAsync(ServerFixture server, string key) => server.QueryAsync(context =>
    {
        var id = key[4..16];
        DateTimeOffset? now = TimeProvider.System.GetStorableNow();
        return context.ApiKeys.Where(stored => stored.Id == id)
            .ExecuteUpdateAsync(set => set.SetProperty(stored => stored.RevokedAt, now), Cancellation);
    });

    private static async Task ExpectDetailAsync(ServerFixture server, string authorization, string detail)
    {
        using var client = server.HttpClient();
        client.DefaultRequestHeaders.Authorization = AuthenticationHeaderValue.Parse(authorization);
        var (problem, response) = await GetProblemAsync(client, "api/v1/me");
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Contains(detail, problem.Detail, StringComparison.Ordinal);
        Assert.Contains("invalid_token", response.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }

    private static async Task<(Problem Problem, HttpResponseMessage Response)> GetProblemAsync(HttpClient client, string path)
    {
        using var response = await client.GetAsync(path, Cancellation);
        var body = await response.Content.ReadAsByteArrayAsync(Cancellation);
        return (JsonSerializer.Deserialize(body, PlantonJson.Default.Problem)!, response);
    }
}
