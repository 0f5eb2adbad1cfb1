using System.Net;
using System.Text.Json;
using Planton.Api;
using Planton.Server.Hosting;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Hosting;

/// <summary><c>/metrics</c>: on the API's port with an operator's key, and on a port of its own without one.</summary>
public sealed class MetricsTests(ServerWithMetrics shared) : SharedServerTest(shared), IClassFixture<ServerWithMetrics>
{
    private HostAndPort Metrics => Server.Get<BoundListeners>().Metrics!.Value;

    [Fact]
    public async Task OnTheApisPort_ItNeedsAnOperatorsKey()
    {
        foreach (var (key, status) in new (string?, HttpStatusCode)[]
        {
            (null, HttpStatusCode.Unauthorized),
            (await AddUserAsync("owner"), HttpStatusCode.Forbidden),
            (Server.AdminKey, HttpStatusCode.OK),
        })
        {
            using var response = await Server.HttpClient(key).GetAsync("metrics", Cancellation);
            Assert.Equal(status, response.StatusCode);
            var text = await response.Content.ReadAsStringAsync(Cancellation);
            Assert.Equal(status == HttpStatusCode.OK, text.Contains("http_server_active_requests", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task OnItsOwnPort_ItNeedsNone()
    {
        using var client = Client();
        Assert.Contains("http_server_active_requests", await client.GetStringAsync("metrics", Cancellation), StringComparison.Ordinal);
        using var head = await client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "metrics"), Cancellation);
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
    }

    [Theory]
    [InlineData("GET", "api/v1/me")]
    [InlineData("GET", "healthz/live")]
    [InlineData("GET", "openapi/v1.json")]
    [InlineData("GET", "kubernetes/default/prod/api")]
    [InlineData("GET", "")]
    [InlineData("GET", "metrics/api/v1/me")]
    [InlineData("POST", "metrics")]
    public async Task OnItsOwnPort_NothingElseIsServed_WhateverKeyIsPresented(string method, string path)
    {
        using var client = Client();
        client.DefaultRequestHeaders.Add("Authorization", $"Bearer {Server.AdminKey}");
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var response = await client.SendAsync(request, Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task AHostHeaderOpensNothing()
    {
        using var client = Server.HttpClient();
        client.DefaultRequestHeaders.Host = Metrics.ToString();
        using var response = await client.GetAsync("metrics", Cancellation);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task TheAddressesSayWhereItIs()
    {
        var file = await File.ReadAllBytesAsync(Path.Combine(Server.Folder.Data, "addresses.json"), Cancellation);
        Assert.Equal(Metrics.ToString(), JsonSerializer.Deserialize(file, PlantonJson.Default.ServerAddresses)!.Metrics);
        Assert.NotEqual(0, Metrics.Port);
    }

    private HttpClient Client() => new() { BaseAddress = new Uri($"http://{Metrics}/"), Timeout = TimeSpan.FromSeconds(30) };
}
