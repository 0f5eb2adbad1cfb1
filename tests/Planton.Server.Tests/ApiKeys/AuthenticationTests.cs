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

public abstract class AuthenticationTests(SharedServer shared) : SharedServerTest(shared)
{
    [Fact]
    public async Task EachWayToFailIsNamed()
    {
        var good = Server.AdminKey;
        var unknown = ApiKeyText.Generate().Text;
        await ExpectDetailAsync("Basic dXNlcjpwYXNz", "not of the form Bearer");
        await ExpectDetailAsync("Bearer sk-12345", "malformed");
        await ExpectDetailAsync($"Bearer {good[..^1]}", "malformed");
        await ExpectDetailAsync($"Bearer {good[..20]}{(good[20] == 'x' ? 'y' : 'x')}{good[21..]}", "checksum");
        await ExpectDetailAsync($"Bearer {unknown}", "unknown to this control plane");
    }

    [Fact]
    public async Task TheSchemesCaseDoesNotMatter()
    {
        using var client = Server.HttpClient();
        client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"bearer {Server.AdminKey}");
        Assert.Contains("admin", await client.GetStringAsync("api/v1/me", Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenTheKeyIsRevoked_TheNextCallsAre401WithinASecond()
    {
        var key = await Server.AddUserAsync(UniqueName("kim"));
        await Server.Client(key).GetCallerAsync(Cancellation);
        await RevokeAsync(key);
        var started = TimeProvider.System.GetTimestamp();
        await Eventually.BecomesTrueAsync(
            async () =>
            {
                using var client = Server.HttpClient(key);
                using var response = await client.GetAsync("api/v1/me", Cancellation);
                return response.StatusCode == HttpStatusCode.Unauthorized;
            },
            "the revoked key is refused", cancellationToken: Cancellation);
        Assert.InRange(TimeProvider.System.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(1));
        var problem = await Expect.ProblemAsync(ErrorCode.Unauthenticated, () => Server.Client(key).GetCallerAsync(Cancellation));
        Assert.Contains("was revoked at", problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenTheKeyHasExpired_TheCallIs401()
    {
        var key = await Server.AddUserAsync(UniqueName("kim"), expiresAt: TimeProvider.System.GetUtcNow().AddSeconds(-1));
        var problem = await Expect.ProblemAsync(ErrorCode.Unauthenticated, () => Server.Client(key).GetCallerAsync(Cancellation));
        Assert.Contains("expired at", problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ARightIdWithAnotherSecretIsUnknown_EvenWhenTheRealOneIsInUse()
    {
        await Admin.GetCallerAsync(Cancellation);
        var forged = Forge(Server.AdminKey[4..16]);
        var problem = await Expect.ProblemAsync(ErrorCode.Unauthenticated, () => Server.Client(forged).GetCallerAsync(Cancellation));
        Assert.Equal(ApiKeyErrors.Unknown.Detail, problem.Detail);
        Assert.Equal("admin", (await Admin.GetCallerAsync(Cancellation)).Name);
    }

    [Fact]
    public async Task AForgedKeyDoesNotLearnThatTheRealOneWasRevoked()
    {
        var key = await Server.AddUserAsync(UniqueName("kim"));
        await RevokeAsync(key);
        var problem = await Expect.ProblemAsync(ErrorCode.Unauthenticated, () => Server.Client(Forge(key[4..16])).GetCallerAsync(Cancellation));
        Assert.Equal(ApiKeyErrors.Unknown.Detail, problem.Detail);
    }

    [Fact]
    public async Task AFailureWithAKnownIdIsRecorded_OneWithoutIsNot()
    {
        var key = await Server.AddUserAsync(UniqueName("kim"));
        await RevokeAsync(key);
        var before = await Server.QueryAsync(context => context.AuditRecords.MaxAsync(record => record.Sequence, Cancellation));
        var problem = await Expect.ProblemAsync(ErrorCode.Unauthenticated, () => Server.Client(key).GetCallerAsync(Cancellation));
        await Expect.ProblemAsync(ErrorCode.Unauthenticated, () => Server.Client(ApiKeyText.Generate().Text).GetCallerAsync(Cancellation));
        var record = await Server.QueryAsync(context =>
            context.AuditRecords.SingleAsync(record => record.Sequence > before && record.Action == AuditAction.Authenticate, Cancellation));
        Assert.Equal(AuditOutcome.Denied, record.Outcome);
        Assert.Equal(ErrorCode.Unauthenticated, record.Code);
        Assert.Equal(key[4..16], record.ApiKeyId);
        Assert.Equal(problem.OperationId, record.OperationId);
        Assert.Equal("127.0.0.1", record.SourceAddress);
    }

    [Fact]
    public async Task TheLastUseIsWritten()
    {
        var key = await Server.AddUserAsync(UniqueName("kim"));
        await Server.Client(key).GetCallerAsync(Cancellation);
        var id = key[4..16];
        await Eventually.BecomesTrueAsync(
            () => Server.QueryAsync(context => context.ApiKeys.AnyAsync(stored => stored.Id == id && stored.LastUsedAt != null, Cancellation)),
            "the last use is stored", cancellationToken: Cancellation);
    }

    [Fact]
    public async Task WhatWasPresentedIsNeverRepeated()
    {
        var forged = Forge(Server.AdminKey[4..16]);
        using var client = Server.HttpClient(forged);
        using var response = await client.GetAsync("api/v1/me", Cancellation);
        Assert.DoesNotContain(forged[16..48], await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.DoesNotContain(forged[16..48], Server.Log.Text, StringComparison.Ordinal);
    }

    // A key of that id with a secret of its own, and a right checksum.
    internal static string Forge(string id)
    {
        var body = id + new string('z', ApiKeyText.SecretLength);
        var rest = System.IO.Hashing.Crc32.HashToUInt32(System.Text.Encoding.ASCII.GetBytes(body));
        const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
        var checksum = new char[ApiKeyText.ChecksumLength];
        for (var place = checksum.Length - 1; place >= 0; place--, rest /= 62)
            checksum[place] = Digits[(int)(rest % 62)];
        return ApiKeyText.Prefix + body + new string(checksum);
    }

    private Task<int> RevokeAsync(string key) => Server.QueryAsync(context =>
    {
        var id = key[4..16];
        DateTimeOffset? now = TimeProvider.System.GetStorableNow();
        return context.ApiKeys.Where(stored => stored.Id == id)
            .ExecuteUpdateAsync(set => set.SetProperty(stored => stored.RevokedAt, now), Cancellation);
    });

    private async Task ExpectDetailAsync(string authorization, string detail)
    {
        using var client = Server.HttpClient();
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

public sealed class AuthenticationTestsOnSqlite(OnSqlite shared) : AuthenticationTests(shared), IClassFixture<OnSqlite>;

public sealed class AuthenticationTestsOnPostgreSql(OnPostgreSql shared) : AuthenticationTests(shared), IClassFixture<OnPostgreSql>;
