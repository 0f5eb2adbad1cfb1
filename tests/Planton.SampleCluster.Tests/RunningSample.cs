using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Security;
using System.Net.WebSockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Planton.Testing.Logging;
using SampleCluster.Hosting;
using SampleCluster.Objects;
using SampleCluster.Workloads;

namespace Planton.SampleCluster.Tests;

/// <summary>A sample cluster in this process with an HTTP client that trusts it; logged errors fail the test.</summary>
public sealed class RunningSample : IAsyncLifetime
{
    private readonly TestLogs _logs = new();
    private SampleClusterServer _server = null!;

    public HttpClient Http { get; private set; } = null!;

    internal SampleClusterServer Server => _server;

    internal StoreLimits Limits { get; init; } = new();

    public async ValueTask InitializeAsync()
    {
        _server = await SampleClusterServer.StartAsync(
            new SampleClusterOptions
            {
                Logs = _logs,
                Limits = Limits,
                Workloads = new WorkloadOptions { StartDelay = TimeSpan.FromMilliseconds(100), Pause = TimeSpan.FromMilliseconds(5) },
            },
            TestContext.Current.CancellationToken);
        Http = MakeClient(_server.Token);
    }

    public HttpClient MakeClient(string? token)
    {
        var handler = new SocketsHttpHandler { SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = Trust() } };
        var client = new HttpClient(handler) { BaseAddress = new Uri(_server.Url), Timeout = TimeSpan.FromSeconds(30) };
        if (token is not null)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    public async Task<JsonNode> GetAsync(string path, string? accept = null)
    {
        var (_, json) = await SendAsync(HttpMethod.Get, path, accept: accept);
        return json;
    }

    public async Task<(int Status, JsonNode Json)> SendAsync(
        HttpMethod method, string path, JsonNode? body = null, string mediaType = "application/json", string? accept = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (accept is not null)
            request.Headers.TryAddWithoutValidation("Accept", accept);
        if (body is not null)
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, mediaType);
        using var response = await Http.SendAsync(request, TestContext.Current.CancellationToken);
        var json = await response.Content.ReadFromJsonAsync<JsonNode>(TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, json!);
    }

    public async Task<string> FirstPodAsync(string app, string @namespace = "shop") =>
        (await GetAsync($"/api/v1/namespaces/{@namespace}/pods?labelSelector=app%3D{app}"))["items"]![0].Text("metadata", "name")!;

    public async Task<ClientWebSocket> ExecAsync(string pod, string query, string protocol = "v5.channel.k8s.io")
    {
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol(protocol);
        socket.Options.SetRequestHeader("Authorization", $"Bearer {_server.Token}");
        socket.Options.RemoteCertificateValidationCallback = (_, certificate, _, _) =>
        {
            using var chain = new X509Chain { ChainPolicy = Trust() };
            return chain.Build(new X509Certificate2(certificate!));
        };
        var url = new Uri($"{_server.Url.Replace("https", "wss", StringComparison.Ordinal)}/api/v1/namespaces/shop/pods/{pod}/exec?{query}");
        await socket.ConnectAsync(url, TestContext.Current.CancellationToken);
        return socket;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _server.DisposeAsync();
        _logs.Dispose();
    }

    private X509ChainPolicy Trust()
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(X509Certificate2.CreateFromPem(_server.AuthorityPem));
        return policy;
    }
}
