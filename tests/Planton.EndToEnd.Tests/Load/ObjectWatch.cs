using System.Net.Http.Headers;

namespace Planton.EndToEnd.Tests.Load;

/// <summary>One watch through the control plane, which waits for one name.</summary>
internal sealed class ObjectWatch : IAsyncDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly StreamReader _events;

    private ObjectWatch(HttpResponseMessage response, StreamReader events) => (_response, _events) = (response, events);

    public static async Task<ObjectWatch> StartAsync(HttpClient http, string path, AuthenticationHeaderValue key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = key;
        // The headers of a watch come at once, and mean that it is set up.
        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode);
        return new ObjectWatch(response, new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken)));
    }

    /// <summary>Returns when an event names the object; throws when the watch ends before.</summary>
    public async Task SeesAsync(string name)
    {
        while (await _events.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (line.Contains($"\"name\":\"{name}\"", StringComparison.Ordinal))
                return;
        }

        throw new InvalidOperationException($"the watch ended before it saw {name}");
    }

    public ValueTask DisposeAsync()
    {
        _events.Dispose();
        _response.Dispose();
        return ValueTask.CompletedTask;
    }
}
