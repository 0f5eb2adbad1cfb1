using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using System.Text.Json;
using Planton.Runner.Tests.Fixtures;
using Planton.Testing;

namespace Planton.Runner.Tests;

/// <summary>Against a real API server, whose administrator's kubeconfig is in KUBECONFIG.</summary>
public sealed class RealClusterTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static string KubeConfig => RequiredTool.FromEnvironment("KUBECONFIG", "the kubeconfig of a Kubernetes cluster to test against");

    [Fact]
    public async Task ARealApiServerAnswersOverHttp2WithTheClientCertificateOfTheKubeconfig()
    {
        var port = new Uri(Server(await File.ReadAllTextAsync(KubeConfig, Cancel))).Port;
        using var spoken = new ProtocolsSpoken(port);
        await using var host = await OperationHost.StartAsync(KubeConfig);
        using var response = await host.GetAsync("/api/v1/namespaces?limit=1", Cancel);
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancel));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("NamespaceList", json.RootElement.GetProperty("kind").GetString());
        Assert.True(response.Headers.Contains("X-Kubernetes-Pf-Flowschema-Uid") || response.Headers.Contains("Audit-Id"));
        Assert.All(spoken.Versions, version => Assert.Equal("2", version));
        Assert.NotEmpty(spoken.Versions);
    }

    [Fact]
    public async Task ARealWatchShowsAnEventAtOnce()
    {
        await using var host = await OperationHost.StartAsync(KubeConfig);
        var name = $"watched-{Guid.NewGuid():N}";
        using var watch = await host.Client.GetAsync(
            $"/kubernetes/api/v1/namespaces/default/configmaps?watch=1&fieldSelector=metadata.name%3D{name}", HttpCompletionOption.ResponseHeadersRead, Cancel);
        using var reader = new StreamReader(await watch.Content.ReadAsStreamAsync(Cancel));
        var body = $$$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"{{{name}}}"}}""";
        using var made = await host.Client.PostAsync("/kubernetes/api/v1/namespaces/default/configmaps",
            new StringContent(body, System.Text.Encoding.UTF8, "application/json"), Cancel);
        var line = await reader.ReadLineAsync(Cancel).AsTask().WaitAsync(TimeSpan.FromSeconds(20), Cancel);
        using var gone = await host.Client.DeleteAsync($"/kubernetes/api/v1/namespaces/default/configmaps/{name}", Cancel);

        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        Assert.Contains("\"ADDED\"", line, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, gone.StatusCode);
    }

    [Fact]
    public async Task AWrongTokenGetsTheServersOwn401()
    {
        using var folder = new TemporaryFolder();
        var text = await File.ReadAllTextAsync(KubeConfig, Cancel);
        var server = Server(text);
        await using var host = await OperationHost.StartAsync(
            folder.Write("config", KubeConfigs.One(server, "insecure-skip-tls-verify: true", "token: wrong-token-wrong")));
        using var response = await host.GetAsync("/api/v1/namespaces", Cancel);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Null(response.ErrorCode());
        Assert.Contains("\"kind\":\"Status\"", await response.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    private static string Server(string kubeConfig) =>
        System.Text.RegularExpressions.Regex.Match(kubeConfig, @"server:\s*""?([^\s""]+)").Groups[1].Value;

    /// <summary>The HTTP versions of this process's requests to a port, as the HTTP client's own meter tells them.</summary>
    private sealed class ProtocolsSpoken : IDisposable
    {
        private readonly MeterListener _listener = new();

        public ProtocolsSpoken(int port)
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument is { Meter.Name: "System.Net.Http", Name: "http.client.request.duration" })
                    listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<double>((_, _, tags, _) =>
            {
                var told = new TagList(tags);
                if (told.Any(tag => tag is { Key: "server.port", Value: int to } && to == port))
                    Versions.Enqueue(told.SingleOrDefault(tag => tag.Key == "network.protocol.version").Value as string ?? "");
            });
            _listener.Start();
        }

        public ConcurrentQueue<string> Versions { get; } = new();

        public void Dispose() => _listener.Dispose();
    }
}
