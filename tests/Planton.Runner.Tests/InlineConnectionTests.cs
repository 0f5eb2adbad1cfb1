using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Planton.Api.Errors;
using Planton.Api.Operations;
using Planton.Runner.Tests.Fixtures;
using Planton.Testing;
using Planton.Testing.Logging;
using Planton.Testing.Network;

namespace Planton.Runner.Tests;

/// <summary>Operations of connections that bring their own credentials.</summary>
public sealed class InlineConnectionTests : IDisposable
{
    private const string Token = "inline-token-that-is-secret";

    private readonly TestAuthority _authority = new();
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task TheConnectionsCredentialsAreUsed_NotTheRunners_AndTheHeaderEndsHere()
    {
        await using var own = await TestTarget.StartAsync(_authority.Server());
        await using var target = await TestTarget.StartAsync(_authority.Server());
        await using var host = await StartAsync(own);

        using var response = await SendAsync(host, Config(target, ("token", Token)));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal($"Bearer {Token}", target.Seen.Single().Header("Authorization"));
        Assert.DoesNotContain(target.Seen.Single().Headers.Keys, name => name.StartsWith("Planton-", StringComparison.OrdinalIgnoreCase));
        Assert.Empty(own.Seen);
    }

    [Fact]
    public async Task AClientCertificateAndAPassword_WorkToo()
    {
        await using var target = await TestTarget.StartAsync(_authority.Server());
        await using var host = await StartAsync();
        using var certificate = _authority.Client("alice");
        using var key = certificate.GetECDsaPrivateKey()!;

        using var one = await SendAsync(host, Config(
            target, ("client-certificate-data", KubeConfigs.Base64(certificate.ExportCertificatePem())), ("client-key-data", KubeConfigs.Base64(key.ExportPkcs8PrivateKeyPem()))));
        using var two = await SendAsync(host, Config(target, ("username", "joe"), ("password", "s3cret")));

        Assert.Equal(["alice", null], target.Seen.Select(seen => seen.ClientName));
        Assert.Equal([null, "Basic am9lOnMzY3JldA=="], target.Seen.Select(seen => seen.Header("Authorization")));
    }

    [Fact]
    public async Task NothingIsKept_TheNextRequestDialsAndLogsInAnew()
    {
        await using var target = await TestTarget.StartAsync(_authority.Server());
        await using var host = await StartAsync();

        using (await SendAsync(host, Config(target, ("token", Token))))
        {
        }

        Assert.Equal($"x {Token} x", host.Masker.Apply($"x {Token} x"));
        using var none = await SendAsync(host, Config(target));
        Assert.Null(target.Seen.Last().Header("Authorization"));
        Assert.Equal(2, target.ServerNames.Count);
    }

    [Fact]
    public async Task WhileTheRequestLives_ItsSecretsAreMasked()
    {
        var arrived = new TaskCompletionSource();
        var go = new TaskCompletionSource();
        await using var target = await TestTarget.StartAsync(_authority.Server(), async context =>
        {
            arrived.SetResult();
            await go.Task.WaitAsync(context.RequestAborted);
        });
        await using var host = await StartAsync();

        var sent = SendAsync(host, Config(target, ("token", Token)));
        await arrived.Task.WaitAsync(Cancel);
        var during = host.Masker.Apply(Token);
        go.SetResult();
        (await sent).Dispose();

        Assert.Equal("***", during);
    }

    [Theory]
    [InlineData("""{"server":"https://127.0.0.1:1","exec":{"command":"touch","args":["FILE"]}}""", "'exec'")]
    [InlineData("""{"server":"https://127.0.0.1:1","auth-provider":{"name":"gcp","config":{"cmd-path":"touch"}}}""", "'auth-provider'")]
    [InlineData("""{"server":"https://127.0.0.1:1","tokenFile":"FILE"}""", "'tokenFile'")]
    [InlineData("""{"server":"https://127.0.0.1:1","token-file":"FILE"}""", "'token-file'")]
    [InlineData("""{"server":"https://127.0.0.1:1","certificate-authority":"FILE"}""", "'certificate-authority'")]
    [InlineData("""{"server":"https://127.0.0.1:1","client-certificate":"FILE","client-key":"FILE"}""", "'client-certificate'")]
    [InlineData("""{"server":"https://127.0.0.1:1","as":"root"}""", "'as'")]
    [InlineData("""{"server":"https://127.0.0.1:1","a\nb":"x"}""", "a field that is not known")]
    [InlineData("""{"server":["https://127.0.0.1:1"]}""", "server of the wrong kind")]
    [InlineData("""{"server":"https://127.0.0.1:1","insecure-skip-tls-verify":"yes"}""", "insecure-skip-tls-verify of the wrong kind")]
    [InlineData("apiVersion: v1\nkind: Config\n", "is not JSON")]
    [InlineData("[]", "is not an object")]
    [InlineData("", "is not JSON")]
    public async Task WhatCouldRunAProgramOrReadAFileHere_IsRefused_AndNothingIsDone(string config, string fault)
    {
        await using var own = await TestTarget.StartAsync(_authority.Server());
        await using var host = await StartAsync(own);
        var file = _folder.File("touched");

        using var response = await SendAsync(host, config.Replace("FILE", file, StringComparison.Ordinal));

        Assert.Equal(ErrorCode.RefusedByRunner, response.ErrorCode());
        Assert.Contains(fault, response.ErrorDetail(), StringComparison.Ordinal);
        Assert.False(File.Exists(file));
        Assert.Empty(own.Seen);
    }

    [Fact]
    public async Task AHeaderThatCannotBeRead_OrIsThereTwice_IsRefused_AndTheRunnersOwnCredentialsAreNotUsedInstead()
    {
        await using var own = await TestTarget.StartAsync(_authority.Server());
        await using var host = await StartAsync(own);

        foreach (var values in (string[][])[["not base64!"], [""], [Base64("{}"), Base64("{}")], [new string('[', 8000)]])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/kubernetes/api");
            foreach (var value in values)
                request.Headers.TryAddWithoutValidation(OperationHeaders.KubernetesConfig, value);
            using var response = await host.Client.SendAsync(request, Cancel);
            Assert.NotEqual(HttpStatusCode.OK, response.StatusCode);
        }

        Assert.Empty(own.Seen);
    }

    [Fact]
    public async Task ReferencesAreResolvedForEachRequest_InItsEnvironment_AndNotKept()
    {
        await using var target = await TestTarget.StartAsync(_authority.Server());
        var references = new FakeReferences();
        references.Values["staging:$secret/eks/token"] = "first-token-value\n";
        references.Values["staging:$var/address"] = target.Url;
        references.Values["staging:$secret/ca"] = _authority.Pem;
        await using var host = await StartAsync(references: references);
        const string config = """{"server":"$var/address","certificate-authority-data":"$secret/ca","token":"$secret/eks/token"}""";

        using var one = await SendAsync(host, config, "staging");
        references.Values["staging:$secret/eks/token"] = "second-token-value";
        using var two = await SendAsync(host, config, "staging");
        using var elsewhere = await SendAsync(host, config);

        Assert.Equal(["Bearer first-token-value", "Bearer second-token-value"], target.Seen.Select(seen => seen.Header("Authorization")));
        Assert.Equal(ErrorCode.TargetUnreachable, elsewhere.ErrorCode());
        Assert.Contains("$var/address, $secret/ca, $secret/eks/token of the connection's own kubeconfig cannot be resolved: there is no such secret. Make it", elsewhere.ErrorDetail(), StringComparison.Ordinal);
        Assert.Equal(3, references.Asked.Count);
        Assert.Equal("first-token-value", host.Masker.Apply("first-token-value"));
    }

    [Fact]
    public async Task AnUpgradeGoesThroughWithThem_AndForgetsThemAtItsEnd()
    {
        await using var target = await TestTarget.StartAsync(_authority.Server(), async context =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            await socket.SendAsync("hi"u8.ToArray(), System.Net.WebSockets.WebSocketMessageType.Text, true, context.RequestAborted);
            await socket.CloseOutputAsync(System.Net.WebSockets.WebSocketCloseStatus.NormalClosure, null, context.RequestAborted);
        });
        await using var host = await StartAsync(protocols: HttpProtocols.Http2);
        using var client = new HttpMessageInvoker(new SocketsHttpHandler { UseProxy = false });
        using var request = TestOperation.Upgrade("/kubernetes/exec", method: "GET", server: host.Url);
        request.Headers.Protocol = "websocket";
        request.Headers.TryAddWithoutValidation("Sec-WebSocket-Version", "13");
        request.Headers.TryAddWithoutValidation("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
        request.Headers.TryAddWithoutValidation(OperationHeaders.KubernetesConfig, Base64(Config(target, ("token", Token))));

        using (var response = await client.SendAsync(request, Cancel))
        {
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            var frame = new byte[4];
            await (await response.Content.ReadAsStreamAsync(Cancel)).ReadExactlyAsync(frame, Cancel);
            Assert.Equal("hi"u8.ToArray(), frame[2..]);
        }

        Assert.Equal($"Bearer {Token}", target.Seen.Single().Header("Authorization"));
        await Eventually.BecomesTrueAsync(() => host.Masker.Apply(Token) == Token, "it is forgotten", cancellationToken: Cancel);
    }

    [Fact]
    public async Task NoLogAndNoErrorHoldsThem_NotEvenAtTheFinestLevel()
    {
        var logs = new TestLogs();
        await using var host = await StartAsync(logs: logs);

        using var refused = await SendAsync(host, $$"""{"server":"https://127.0.0.1:{{FreePort.Find()}}","token":"{{Token}}"}""");
        using var wrong = await SendAsync(host, $$"""{"server":"https://127.0.0.1:1","token":"{{Token}} "}""");
        using var field = await SendAsync(host, $$"""{"server":"https://127.0.0.1:1","nothing":"{{Token}}"}""");

        Assert.Equal(ErrorCode.TargetUnreachable, refused.ErrorCode());
        foreach (var response in new[] { refused, wrong, field })
            Assert.DoesNotContain(Token, response.ErrorDetail(), StringComparison.Ordinal);
        Assert.NotEmpty(logs.Records);
        Assert.DoesNotContain(logs.Records, record => record.Message.Contains(Token, StringComparison.Ordinal) || record.Message.Contains(Base64("""{"server":"h""")[..16], StringComparison.Ordinal));
    }

    [Fact]
    public async Task TheRunnerTellsTheGatewayItsOwnShare_AndWhereItFailed()
    {
        await using var target = await TestTarget.StartAsync(_authority.Server());
        await using var host = await StartAsync();

        using var good = await SendAsync(host, Config(target, ("token", Token)));
        using var dead = await SendAsync(host, $$"""{"server":"https://127.0.0.1:{{FreePort.Find()}}"}""");
        using var wrong = await SendAsync(host, "{}");

        foreach (var response in new[] { good, dead, wrong })
            Assert.InRange(double.Parse(response.Headers.GetValues(OperationHeaders.RunnerMilliseconds).Single(), System.Globalization.CultureInfo.InvariantCulture), 0, 60_000);
        Assert.Equal(OperationHeaders.TargetStage, dead.Headers.GetValues(OperationHeaders.ErrorStage).Single());
        Assert.False(wrong.Headers.Contains(OperationHeaders.ErrorStage));
    }

    private Task<OperationHost> StartAsync(
        TestTarget? own = null, FakeReferences? references = null, HttpProtocols protocols = HttpProtocols.Http1, ILoggerProvider? logs = null) => OperationHost.StartAsync(
        _folder.Write("kube", KubeConfigs.One(own?.Url ?? "https://127.0.0.1:1", KubeConfigs.Authority(_authority), "token: the-runners-own-token")),
        references: references, protocols: protocols, logs: logs);

    private string Config(TestTarget target, params (string Name, string Value)[] user)
    {
        var fields = new Dictionary<string, string> { ["server"] = target.Url, ["certificate-authority-data"] = KubeConfigs.Base64(_authority.Pem) };
        foreach (var (name, value) in user)
            fields[name] = value;
        return JsonSerializer.Serialize(fields);
    }

    private static async Task<HttpResponseMessage> SendAsync(OperationHost host, string config, string? environment = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/kubernetes/api");
        request.Headers.TryAddWithoutValidation(OperationHeaders.KubernetesConfig, Base64(config));
        if (environment is not null)
            request.Headers.TryAddWithoutValidation(OperationHeaders.Environment, environment);
        return await host.Client.SendAsync(request, Cancel);
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
