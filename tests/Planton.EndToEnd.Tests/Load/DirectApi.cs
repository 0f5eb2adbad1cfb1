using System.Text;
using System.Text.RegularExpressions;
using Planton.EndToEnd.Tests.Clusters;
using Planton.Testing.Processes;

namespace Planton.EndToEnd.Tests.Load;

/// <summary>Plain HTTP to the cluster itself, by <c>kubectl proxy</c>: for making many objects, which one process each would take hours for.</summary>
internal sealed partial class DirectApi : IAsyncDisposable
{
    private readonly ProgramProcess _proxy;
    private readonly HttpClient _http;

    private DirectApi(ProgramProcess proxy, Uri address)
    {
        _proxy = proxy;
        _http = new HttpClient { BaseAddress = address };
    }

    public static async Task<DirectApi> StartAsync(ClusterClient direct)
    {
        var proxy = direct.Start("proxy", "--port=0");
        var line = await proxy.WaitForLineAsync(
            l => l.StartsWith("Starting to serve on", StringComparison.Ordinal), "its port", cancellationToken: TestContext.Current.CancellationToken);
        return new DirectApi(proxy, new Uri($"http://{Address().Match(line).Value}/"));
    }

    public async Task PostAsync(string path, string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var response = await _http.PostAsync(path, content, TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode} {path}");
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _proxy.DisposeAsync();
    }

    [GeneratedRegex(@"127\.0\.0\.1:\d+", RegexOptions.CultureInvariant)]
    private static partial Regex Address();
}
