using System.Buffers.Text;
using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Planton.Api.Errors;
using Planton.Api.Operations;
using Planton.Server.Tests.Fixture;
using Planton.Server.Tests.Kubernetes;

namespace Planton.Server.Tests.ApiKeys;

/// <summary>Keys in other places than <c>Authorization</c>: which of them is taken, and that none reaches a target.</summary>
public sealed class WebSocketKeyTests(TunnelsOnSqlite shared) : KubernetesProxyTest(shared), IClassFixture<TunnelsOnSqlite>
{
    private const string Prefix = "base64url.bearer.authorization.k8s.io.";

    private readonly List<HeaderDictionary> _seen = [];

    private string Key => Prefix + Base64Url.EncodeToString(Encoding.ASCII.GetBytes(Server.AdminKey));

    [Theory]
    [InlineData("KEY, v5.channel.k8s.io")]
    [InlineData("v5.channel.k8s.io,KEY")]
    [InlineData("v5.channel.k8s.io, KEY, v4.channel.k8s.io")]
    [InlineData("v5.channel.k8s.io\r\nSec-WebSocket-Protocol: KEY")]
    public async Task OfAWebSocket_ASubprotocolIsTaken_AndEndsHere(string protocols)
    {
        await ConnectAsync(AcceptAsync);

        var (status, text) = await UpgradeAsync(protocols);

        Assert.Equal(101, status);
        Assert.Equal(["v5.channel.k8s.io"], RawHttp.Header(text, "Sec-WebSocket-Protocol"));
        var others = protocols.Replace("\r\nSec-WebSocket-Protocol: ", ",", StringComparison.Ordinal).Split(',', StringSplitOptions.TrimEntries).Where(protocol => protocol != "KEY");
        Assert.Equal(others, Assert.Single(_seen)["Sec-WebSocket-Protocol"].ToString().Split(',', StringSplitOptions.TrimEntries));
        await AssertNowhereAsync();
    }

    [Fact]
    public async Task OverHttp2_TheSame()
    {
        await ConnectAsync(AcceptAsync);
        using var handler = new SocketsHttpHandler { SslOptions = { CertificateChainPolicy = Certificates.TrustOf(Server) } };
        using var invoker = new HttpMessageInvoker(handler);
        using var client = new ClientWebSocket();
        client.Options.AddSubProtocol(Key);
        client.Options.AddSubProtocol("v5.channel.k8s.io");
        client.Options.HttpVersion = HttpVersion.Version20;
        client.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;

        await client.ConnectAsync(new Uri($"wss://{Server.Http}/kubernetes/{Org}/cluster/exec"), invoker, Cancelled);

        Assert.Equal("v5.channel.k8s.io", client.SubProtocol);
        Assert.Equal("v5.channel.k8s.io", Assert.Single(_seen)["Sec-WebSocket-Protocol"].ToString());
        await AssertNowhereAsync();
    }

    [Theory]
    [InlineData("KEY", "only subprotocol")]
    [InlineData("KEY, KEY, v5.channel.k8s.io", "several API keys")]
    [InlineData(Prefix + "cGNr, v5.channel.k8s.io", "malformed")]
    [InlineData(Prefix + "!!, v5.channel.k8s.io", "malformed")]
    [InlineData(Prefix + ", v5.channel.k8s.io", "malformed")]
    [InlineData("v5.channel.k8s.io", "no API key was presented")]
    public async Task WhatIsNoKey_OrAllThereIs_Is401(string protocols, string detail)
    {
        await ConnectAsync(AcceptAsync);

        var (status, text) = await UpgradeAsync(protocols);

        Assert.Equal(401, status);
        Assert.Equal([ErrorCode.Unauthenticated], RawHttp.Header(text, OperationHeaders.Error));
        Assert.Contains(detail, text, StringComparison.Ordinal);
        Assert.Empty(_seen);
    }

    [Fact]
    public async Task ARevokedKey_IsRefused()
    {
        await ConnectAsync(AcceptAsync);
        var key = await Server.AddUserAsync(UniqueName("kim"), OrgId);
        await Server.Client(key).RevokeApiKeyAsync(key[4..16], Cancelled);

        var (status, text) = await UpgradeAsync($"{Prefix}{Base64Url.EncodeToString(Encoding.ASCII.GetBytes(key))}, v5.channel.k8s.io");

        Assert.Equal(401, status);
        Assert.Contains("was revoked at", text, StringComparison.Ordinal);
        Assert.Empty(_seen);
    }

    [Theory]
    [InlineData("Connection: close")]
    [InlineData("Connection: Upgrade\r\nUpgrade: SPDY/3.1")]
    public async Task OfAnythingElse_ItIsNotTaken_AndDoesNotPassEither(string connection)
    {
        await ConnectAsync(SeeAsync);
        string[] headers = [.. connection.Split("\r\n"), $"Sec-WebSocket-Protocol: {Key}, v5.channel.k8s.io"];

        var (refused, _) = await RawHttp.SendAsync(Server, $"GET /kubernetes/{Org}/cluster/x", headers);
        Assert.Equal(401, refused);
        Assert.Empty(_seen);

        await RawHttp.SendAsync(Server, $"GET /kubernetes/{Org}/cluster/x", [.. headers, $"Authorization: Bearer {Server.AdminKey}"]);
        Assert.Equal("v5.channel.k8s.io", Assert.Single(_seen)["Sec-WebSocket-Protocol"].ToString());
    }

    [Fact]
    public async Task BesideAnAuthorization_ItIsTakenOutToo()
    {
        await ConnectAsync(AcceptAsync);

        await UpgradeAsync(Key, $"Authorization: Bearer {Server.AdminKey}");

        Assert.False(Assert.Single(_seen).ContainsKey("Sec-WebSocket-Protocol"));
        await AssertNowhereAsync();
    }

    [Theory]
    [InlineData("access_token=KEY")]
    [InlineData("token=KEY&x=1")]
    [InlineData("x=1&Access_Token=KEY")]
    [InlineData("token=x&token=KEY")]
    [InlineData("api%5Fkey=KEY")]
    public async Task AKeyInTheQuery_IsNoKey_AndReachesNoTarget(string query)
    {
        await ConnectAsync(SeeAsync);
        var line = $"GET /kubernetes/{Org}/cluster/x?{query.Replace("KEY", Server.AdminKey, StringComparison.Ordinal)}";

        var (alone, _) = await RawHttp.SendAsync(Server, line);
        var (beside, text) = await RawHttp.SendAsync(Server, line, $"Authorization: Bearer {Server.AdminKey}");

        Assert.Equal((401, 400), (alone, beside));
        Assert.Contains("an API key is in the query", text, StringComparison.Ordinal);
        Assert.Empty(_seen);
        await AssertNowhereAsync();
    }

    [Fact]
    public async Task WhatACommandSays_AndATokenOfOthers_Passes()
    {
        await ConnectAsync(SeeAsync);

        var (command, _) = await RawHttp.SendAsync(Server, $"GET /kubernetes/{Org}/cluster/exec?command={Server.AdminKey}", $"Authorization: Bearer {Server.AdminKey}");
        var (token, _) = await RawHttp.SendAsync(Server, $"GET /kubernetes/{Org}/cluster/x?token=abc", $"Authorization: Bearer {Server.AdminKey}");

        Assert.Equal((200, 200), (command, token));
    }

    private async Task AcceptAsync(HttpContext context)
    {
        await SeeAsync(context);
        var offered = context.WebSockets.WebSocketRequestedProtocols;
        using var socket = await context.WebSockets.AcceptWebSocketAsync(offered.Count > 0 ? offered[0] : null);
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", context.RequestAborted);
    }

    private Task SeeAsync(HttpContext context)
    {
        lock (_seen)
            _seen.Add(new HeaderDictionary(context.Request.Headers.ToDictionary(StringComparer.OrdinalIgnoreCase)));
        return Task.CompletedTask;
    }

    private Task<(int Status, string Text)> UpgradeAsync(string protocols, params string[] more) => RawHttp.SendAsync(
        Server, $"GET /kubernetes/{Org}/cluster/exec",
        [
            "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
            $"Sec-WebSocket-Protocol: {protocols.Replace("KEY", Key, StringComparison.Ordinal)}", .. more,
        ]);

    private async Task AssertNowhereAsync()
    {
        var (secret, encoded) = (Server.AdminKey[16..40], Key[^40..]);
        foreach (var text in (string[])[Server.Log.Text, JsonSerializer.Serialize(await AuditAsync()), JsonSerializer.Serialize(_seen)])
        {
            Assert.DoesNotContain(secret, text, StringComparison.Ordinal);
            Assert.DoesNotContain(encoded, text, StringComparison.Ordinal);
        }
    }
}
