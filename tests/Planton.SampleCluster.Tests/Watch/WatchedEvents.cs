using System.Text.Json.Nodes;

namespace Planton.SampleCluster.Tests.Watch;

/// <summary>Reads a watch event by event.</summary>
internal sealed class WatchedEvents(HttpResponseMessage response, StreamReader reader) : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    public static async Task<WatchedEvents> OpenAsync(RunningSample sample, string path, string accept = "application/json")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        var response = await sample.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
        return new WatchedEvents(response, new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken)));
    }

    public async Task<JsonNode?> NextOrEndAsync()
    {
        var line = await reader.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Timeout, TestContext.Current.CancellationToken);
        return line is null ? null : JsonNode.Parse(line);
    }

    public async Task<JsonNode> NextAsync() => await NextOrEndAsync() ?? throw new InvalidOperationException("the watch ended");

    public void Dispose()
    {
        reader.Dispose();
        response.Dispose();
    }
}
