using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Planton.Api.Errors;
using Planton.Api.Operations;
using Planton.Server.Audit;
using Planton.Server.Authorization;
using Planton.Server.CertificateAuthority;
using Planton.Server.Storage;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Kubernetes;

/// <summary>What is under way ends within a second of its caller's not being allowed it any more.</summary>
public sealed class CutOperationTests : KubernetesProxyTest
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _ended = new(0);
    private readonly SemaphoreSlim _begun = new(0);

    public static TheoryData<string> Ways => ["own key revoked", "user deleted", "membership removed", "role taken away"];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task AUsersStreamEnds_AtTheClientAndAtTheTarget_AndIsRecorded(string way)
    {
        await ConnectAsync(StreamAsync);
        var key = (await Server.Admin.CreateUserAsync("kim", cancellationToken: Cancelled)).Key;
        await Server.Admin.SetMemberAsync("default", "kim", RoleName.Member, Cancelled);
        using var stream = await OpenAsync(key);
        using var others = await OpenAsync(Server.AdminKey);

        var began = TimeProvider.System.GetTimestamp();
        await (way switch
        {
            "own key revoked" => Server.Client(key).RevokeApiKeyAsync(key[4..16], Cancelled),
            "user deleted" => Server.Admin.DeleteUserAsync("kim", Cancelled),
            "membership removed" => Server.Admin.RemoveMemberAsync("default", "kim", Cancelled),
            _ => Server.Admin.SetMemberAsync("default", "kim", RoleName.Viewer, Cancelled),
        });

        await AssertCutAsync(stream, began);
        Assert.Equal("tick\n", await ReadAsync(others));
        await Expect.EventuallyAsync("the cut is recorded", async () =>
            (await AuditAsync()).SingleOrDefault(record => record.Outcome == AuditOutcome.Failed) is { ActorName: "kim", Detail: { } detail }
            && detail.StartsWith("the operation was cut: ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AServiceAccountsStreamEnds_WithItsKeyOrItself(bool wholeAccount)
    {
        await ConnectAsync(StreamAsync);
        await Server.Admin.CreateServiceAccountAsync("default", "ci", RoleName.Member, Cancelled);
        var key = await Server.Admin.CreateServiceAccountKeyAsync("default", "ci", cancellationToken: Cancelled);
        var sister = await Server.Admin.CreateServiceAccountKeyAsync("default", "ci", cancellationToken: Cancelled);
        using var stream = await OpenAsync(key.Key);
        using var sisters = await OpenAsync(sister.Key);

        var began = TimeProvider.System.GetTimestamp();
        await (wholeAccount
            ? Server.Admin.DeleteServiceAccountAsync("default", "ci", Cancelled)
            : Server.Admin.RevokeServiceAccountKeyAsync("default", "ci", key.ApiKey.Id, Cancelled));

        await AssertCutAsync(stream, began);
        if (wholeAccount)
            await AssertCutAsync(sisters, began);
        else
            Assert.Equal("tick\n", await ReadAsync(sisters));
    }

    [Fact]
    public async Task AStreamEndsWhenItsKeyExpires()
    {
        await ConnectAsync(StreamAsync);
        var expires = TimeProvider.System.GetStorableNow().AddSeconds(2);
        var key = await Server.AddUserAsync("kim", await Server.DefaultOrganizationIdAsync(), RoleName.Member, expires);
        using var stream = await OpenAsync(key);

        await EndAsync(stream, TimeSpan.FromSeconds(10));

        var late = TimeProvider.System.GetUtcNow() - expires;
        Assert.True(late >= TimeSpan.Zero && late < Second, $"the stream ended {late} after its key");
    }

    [Fact]
    public async Task WhatAnotherNodeRevokedIsSeenInTheDatabase()
    {
        await ConnectAsync(StreamAsync);
        var key = await Server.AddUserAsync("kim", await Server.DefaultOrganizationIdAsync());
        using var stream = await OpenAsync(key);
        var id = key[4..16];
        DateTimeOffset? now = TimeProvider.System.GetStorableNow();

        var began = TimeProvider.System.GetTimestamp();
        await Server.QueryAsync(context => context.ApiKeys.Where(stored => stored.Id == id)
            .ExecuteUpdateAsync(set => set.SetProperty(stored => stored.RevokedAt, now), Cancelled));

        await AssertCutAsync(stream, began);
    }

    [Fact]
    public async Task ARequestThatIsNotAnsweredYet_IsToldWhy()
    {
        await ConnectAsync(async context =>
        {
            _begun.Release();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        });
        var key = await Server.AddUserAsync("kim", await Server.DefaultOrganizationIdAsync());
        var pending = GetAsync("/slow", key);
        await BegunAsync();

        await Server.Client(key).RevokeApiKeyAsync(key[4..16], Cancelled);

        using var response = await pending.WaitAsync(TimeSpan.FromSeconds(10), Cancelled);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(ErrorCode.Unauthenticated, response.Headers.GetValues(OperationHeaders.Error).Single());
        Assert.Single(response.Headers.GetValues(OperationHeaders.OperationId));
        Assert.Contains($"the operation was cut: API key {key[4..16]} was revoked at", await response.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        Assert.Equal(0, Server.Get<LiveOperations>().Count);
    }

    [Fact]
    public async Task AnExecEnds()
    {
        await ConnectAsync(async context =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync("v5.channel.k8s.io");
            try
            {
                await socket.ReceiveAsync(new byte[16].AsMemory(), context.RequestAborted);
            }
            finally
            {
                _ended.Release();
            }
        });
        var key = await Server.AddUserAsync("kim", await Server.DefaultOrganizationIdAsync());
        using var handler = new SocketsHttpHandler { SslOptions = { CertificateChainPolicy = TrustServer() } };
        using var invoker = new HttpMessageInvoker(handler);
        using var client = new ClientWebSocket();
        client.Options.AddSubProtocol("v5.channel.k8s.io");
        client.Options.SetRequestHeader("Authorization", $"Bearer {key}");
        client.Options.HttpVersion = HttpVersion.Version20;
        client.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        await client.ConnectAsync(new Uri($"wss://{Server.Http}/kubernetes/default/cluster/exec"), invoker, Cancelled);

        var began = TimeProvider.System.GetTimestamp();
        await Server.Client(key).RevokeApiKeyAsync(key[4..16], Cancelled);

        await Assert.ThrowsAnyAsync<Exception>(() => client.ReceiveAsync(new byte[16].AsMemory(), Cancelled).AsTask());
        Assert.InRange(TimeProvider.System.GetElapsedTime(began), TimeSpan.Zero, Second);
        Assert.True(await _ended.WaitAsync(TimeSpan.FromSeconds(10), Cancelled), "the target was not told");
    }

    [Fact]
    public async Task WhatEndsByItself_IsForgotten_AndNothingOfItIsRecordedAsFailed()
    {
        await ConnectAsync(context => context.Response.WriteAsync("done"));
        for (var number = 0; number < 20; number++)
        {
            using var response = await GetAsync("/x");
            Assert.Equal("done", await response.Content.ReadAsStringAsync(Cancelled));
        }

        await Expect.EventuallyAsync("none is under way", () => Task.FromResult(Server.Get<LiveOperations>().Count == 0));
        Assert.DoesNotContain(await AuditAsync(), record => record.Outcome != AuditOutcome.Allowed);
    }

    private async Task StreamAsync(HttpContext context)
    {
        await context.Response.WriteAsync("tick\n");
        await context.Response.Body.FlushAsync();
        _begun.Release();
        try
        {
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50), TimeProvider.System);
            while (await timer.WaitForNextTickAsync(context.RequestAborted))
                await context.Response.WriteAsync("tick\n", context.RequestAborted);
        }
        finally
        {
            _ended.Release();
        }
    }

    private async Task<Stream> OpenAsync(string key)
    {
        var response = await GetAsync("/api/v1/pods?watch=1", key);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var stream = await response.Content.ReadAsStreamAsync(Cancelled);
        await BegunAsync();
        Assert.Equal("tick\n", await ReadAsync(stream));
        return stream;
    }

    private async Task BegunAsync() => Assert.True(await _begun.WaitAsync(TimeSpan.FromSeconds(10), Cancelled), "nothing reached the target");

    private static async Task<string> ReadAsync(Stream stream)
    {
        var line = new byte[5];
        await stream.ReadExactlyAsync(line, Cancelled);
        return System.Text.Encoding.ASCII.GetString(line);
    }

    private async Task AssertCutAsync(Stream stream, long began)
    {
        await EndAsync(stream, TimeSpan.FromSeconds(10));
        Assert.InRange(TimeProvider.System.GetElapsedTime(began), TimeSpan.Zero, Second);
        Assert.True(await _ended.WaitAsync(TimeSpan.FromSeconds(10), Cancelled), "the target was not told");
    }

    // Broken off, and not ended as if it were whole.
    private static Task<IOException> EndAsync(Stream stream, TimeSpan limit) =>
        Assert.ThrowsAnyAsync<IOException>(() => stream.CopyToAsync(Stream.Null, Cancelled).WaitAsync(limit, Cancelled));

    private X509ChainPolicy TrustServer()
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(Server.Get<CertificateAuthorityService>().TrustBundle);
        return policy;
    }
}
