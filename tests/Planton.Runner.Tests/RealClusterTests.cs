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
        await using var host = await OperationHost.StartAsync(KubeConfig);
        using var response = await host.GetAsync("/api/v1/namespaces?limit=1", Cancel);
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancel));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("NamespaceList", json.RootElement.GetProperty("kind").GetString());
        Assert.True(response.Headers.Contains("X-Kubernetes-Pf-Flowschema-Uid") || response.Headers.Contains("Audit-Id"));
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
        var server = System.Text.RegularExpressions.Regex.Match(text, @"server:\s*""?([^\s""]+)").Groups[1].Value;
        await using var host = await OperationHost.StartAsync(
            folder.Write("config", KubeConfigs.One(server, "insecure-skip-tls-verify: true", "token: wrong-token-wrong")));
        using var response = await host.GetAsync("/api/v1/namespaces", Cancel);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Null(response.ErrorCode());
        Assert.Contains("\"kind\":\"Status\"", await response.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }
}
