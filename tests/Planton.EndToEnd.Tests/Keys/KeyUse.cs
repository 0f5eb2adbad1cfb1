using System.Diagnostics;
using System.Net;
using Planton.Api.Client;

namespace Planton.EndToEnd.Tests.Keys;

/// <summary>A client that uses one key all the time, and notes when it was taken last.</summary>
internal sealed class KeyUse : IDisposable
{
    private readonly HttpClient _http;

    private KeyUse(string server, string key)
    {
        _http = new HttpClient { BaseAddress = new Uri(server + "/") };
        _http.DefaultRequestHeaders.Authorization = PlantonApiClient.Bearer(key);
        LastTaken = UntilRefusedAsync();
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Completes when the key is refused, with the time at which the last request was sent that it was taken for.</summary>
    public Task<long> LastTaken { get; }

    /// <summary>Begins with a request for which the key is taken.</summary>
    public static async Task<KeyUse> BeginAsync(string server, string key)
    {
        var use = new KeyUse(server, key);
        Assert.Equal(HttpStatusCode.OK, await use.SendAsync());
        Assert.False(use.LastTaken.IsCompleted);
        return use;
    }

    public void Dispose() => _http.Dispose();

    private async Task<long> UntilRefusedAsync()
    {
        var taken = 0L;
        while (true)
        {
            var sent = Stopwatch.GetTimestamp();
            var status = await SendAsync();
            if (status == HttpStatusCode.Unauthorized)
                return taken;
            Assert.Equal(HttpStatusCode.OK, status);
            taken = sent;
        }
    }

    private async Task<HttpStatusCode> SendAsync()
    {
        using var answer = await _http.GetAsync("api/v1/me", Token);
        return answer.StatusCode;
    }
}
