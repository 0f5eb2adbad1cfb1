using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using Planton.Api.Errors;
using Planton.Api.Operations;
using Planton.Server.Audit;
using Planton.Server.Authorization;
using Planton.Server.CertificateAuthority;
using Planton.Server.Storage;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Kubernetes;

/// <summary>An operation in flight ends within a second after its caller lost the right to it.</summary>
public sealed class CutOperationTests(TunnelsOnSqlite shared) : KubernetesProxyTest(shared), IClassFixture<TunnelsOnSqlite>
{
    private readonly StreamingTarget _target = new();

    public static TheoryData<string> Ways => ["own key revoked", "user deleted", "membership removed", "role taken away"];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task AUsersStreamEnds_AtTheClientAndAtTheTarget_AndIsRecorded(string way)
    {
        await ConnectAsync(_target.StreamAsync);
        var kim = UniqueName("kim");
        var key = (await Server.Admin.CreateUserAsync(kim, cancellationToken: Cancelled)).Key;
        await Server.Admin.SetMemberAsync(Org, kim, RoleName.Member, Cancelled);
        using var stream = await _target.OpenAsync(await GetAsync(StreamingTarget.Path, key));
        using var others = await _target.OpenAsync(await GetAsync(StreamingTarget.Path, Server.AdminKey));

        var began = TimeProvider.System.GetTimestamp();
        await (way switch
        {
            "own key revoked" => Server.Client(key).RevokeApiKeyAsync(key[4..16], Cancelled),
            "user deleted" => Server.Admin.DeleteUserAsync(kim, Cancelled),
            "membership removed" => Server.Admin.RemoveMemberAsync(Org, kim, Cancelled),
            _ => Server.Admin.SetMemberAsync(Org, kim, RoleName.Viewer, Cancelled),
        });

        await _target.AssertCutAsync(stream, began);
        await StreamingTarget.AssertGoesOnAsync(others);
        await Eventually.BecomesTrueAsync(
            async () => (await AuditAsync()).SingleOrDefault(record => record.Outcome == AuditOutcome.Failed) is { ActorName: { } actor, Detail: { } detail }
                && actor == kim && detail.StartsWith("the operation was cut: ", StringComparison.Ordinal),
            "the cut is recorded", cancellationToken: Cancelled);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AServiceAccountsStreamEnds_WithItsKeyOrItself(bool wholeAccount)
    {
        await ConnectAsync(_target.StreamAsync);
        await Server.Admin.CreateServiceAccountAsync(Org, "ci", RoleName.Member, Cancelled);
        var key = await Server.Admin.CreateServiceAccountKeyAsync(Org, "ci", cancellationToken: Cancelled);
        var sister = await Server.Admin.CreateServiceAccountKeyAsync(Org, "ci", cancellationToken: Cancelled);
        using var stream = await _target.OpenAsync(await GetAsync(StreamingTarget.Path, key.Key));
        using var sisters = await _target.OpenAsync(await GetAsync(StreamingTarget.Path, sister.Key));

        var began = TimeProvider.System.GetTimestamp();
        await (wholeAccount
            ? Server.Admin.DeleteServiceAccountAsync(Org, "ci", Cancelled)
            : Server.Admin.RevokeServiceAccountKeyAsync(Org, "ci", key.ApiKey.Id, Cancelled));

        await _target.AssertCutAsync(stream, began);
        if (wholeAccount)
            await _target.AssertCutAsync(sisters, began);
        else
            await StreamingTarget.AssertGoesOnAsync(sisters);
    }

    [Fact]
    public async Task AStreamEndsWhenItsKeyExpires()
    {
        await ConnectAsync(_target.StreamAsync);
        var expires = TimeProvider.System.GetStorableNow().AddSeconds(2);
        var key = await Server.AddUserAsync(UniqueName("kim"), OrgId, RoleName.Member, expires);
        using var stream = await _target.OpenAsync(await GetAsync(StreamingTarget.Path, key));

        await StreamingTarget.EndAsync(stream, TimeSpan.FromSeconds(10));

        var late = TimeProvider.System.GetUtcNow() - expires;
        Assert.True(late >= TimeSpan.Zero && late < StreamingTarget.Second, $"the stream ended {late} after its key");
    }

    [Fact]
    public async Task ARequestThatIsNotAnsweredYet_IsToldWhy()
    {
        await ConnectAsync(async context =>
        {
            _target.Begun.Release();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        });
        var key = await Server.AddUserAsync(UniqueName("kim"), OrgId);
        var pending = GetAsync("/slow", key);
        await _target.WaitForBeginAsync();

        await Server.Client(key).RevokeApiKeyAsync(key[4..16], Cancelled);

        using var response = await pending.WaitAsync(TimeSpan.FromSeconds(10), Cancelled);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(ErrorCode.Unauthenticated, response.Headers.GetValues(OperationHeaders.Error).Single());
        Assert.Single(response.Headers.GetValues(OperationHeaders.OperationId));
        Assert.Contains($"the operation was cut: API key {key[4..16]} was revoked at", await response.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        await Eventually.BecomesTrueAsync(() => Server.Get<LiveOperations>().Count == 0, "none is in flight", cancellationToken: Cancelled);
    }

    [Fact]
    public async Task AnExecEnds()
    {
        await ConnectAsync(async context =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync("v5.channel.k8s.io");
            var buffer = new byte[1];
            try
            {
                while ((await socket.ReceiveAsync(buffer.AsMemory(), context.RequestAborted)).Count > 0)
                    await socket.SendAsync(buffer, WebSocketMessageType.Binary, true, context.RequestAborted);
            }
            finally
            {
                _target.Ended.Release();
            }
        });
        var key = await Server.AddUserAsync(UniqueName("kim"), OrgId);
        using var handler = new SocketsHttpHandler { SslOptions = { CertificateChainPolicy = TrustServer() } };
        using var invoker = new HttpMessageInvoker(handler);
        using var client = new ClientWebSocket();
        client.Options.AddSubProtocol("v5.channel.k8s.io");
        client.Options.SetRequestHeader("Authorization", $"Bearer {key}");
        client.Options.HttpVersion = HttpVersion.Version20;
        client.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        await client.ConnectAsync(new Uri($"wss://{Server.Http}/kubernetes/{Org}/cluster/exec"), invoker, Cancelled);
        var buffer = new byte[16];
        await client.SendAsync("x"u8.ToArray(), WebSocketMessageType.Binary, true, Cancelled);
        Assert.Equal(1, (await client.ReceiveAsync(buffer.AsMemory(), Cancelled)).Count);

        var began = TimeProvider.System.GetTimestamp();
        await Server.Client(key).RevokeApiKeyAsync(key[4..16], Cancelled);

        var cut = await Assert.ThrowsAsync<WebSocketException>(() => client.ReceiveAsync(buffer.AsMemory(), Cancelled).AsTask());
        Assert.Equal(WebSocketError.ConnectionClosedPrematurely, cut.WebSocketErrorCode);
        Assert.InRange(TimeProvider.System.GetElapsedTime(began), TimeSpan.Zero, StreamingTarget.Second);
        await _target.WaitForEndAsync();
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

        await Eventually.BecomesTrueAsync(() => Server.Get<LiveOperations>().Count == 0, "none is in flight", cancellationToken: Cancelled);
        Assert.DoesNotContain(await AuditAsync(), record => record.Outcome != AuditOutcome.Allowed);
    }

    private X509ChainPolicy TrustServer()
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(Server.Get<CertificateAuthorityService>().TrustBundle);
        return policy;
    }
}
