using System.Diagnostics;
using System.Net.WebSockets;
using Planton.Api.Client;

namespace Planton.EndToEnd.Tests.Revocation;

/// <summary>Something that stays open through a tunnel, a log that is followed or a shell, and the time of its end.</summary>
internal sealed class OpenStream : IAsyncDisposable
{
    private readonly IDisposable _source;
    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(Token);

    private OpenStream(IDisposable source, Func<CancellationToken, Task<bool>> read)
    {
        _source = source;
        Ended = ReadToTheEndAsync(read);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Completes when the other end aborts it, with the time of that (<see cref="Stopwatch.GetTimestamp"/>); faults when it ends cleanly.</summary>
    public Task<long> Ended { get; }

    /// <summary>Follows a pod's log; returns when its first line is there.</summary>
    public static async Task<OpenStream> FollowLogAsync(HttpClient http, string pod)
    {
        var response = await http.GetAsync(new Uri($"{pod}/log?follow=true&tailLines=1", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Token);
        Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode}");
        var body = await response.Content.ReadAsStreamAsync(Token);
        var buffer = new byte[4096];
        Assert.NotEqual(0, await body.ReadAsync(buffer, Token));
        return new OpenStream(response, async stop => await body.ReadAsync(buffer, stop) > 0);
    }

    /// <summary>Runs a command in a pod; returns when it runs.</summary>
    public static async Task<OpenStream> ExecAsync(HttpClient http, string pod, string command)
    {
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("v5.channel.k8s.io");
        socket.Options.SetRequestHeader("Authorization", http.DefaultRequestHeaders.Authorization!.ToString());
        var url = new UriBuilder(new Uri(http.BaseAddress!, $"{pod}/exec?{command}&stdout=true")) { Scheme = "ws" };
        await socket.ConnectAsync(url.Uri, Token);
        var buffer = new byte[4096];
        return new OpenStream(socket, async stop => (await socket.ReceiveAsync(buffer, stop)).MessageType != WebSocketMessageType.Close);
    }

    /// <summary>A client for <c>/kubernetes/ORG/CONNECTION/</c>.</summary>
    public static HttpClient Client(string server, string connection, string key)
    {
        var http = new HttpClient { BaseAddress = new Uri($"{server}/kubernetes/default/{connection}/"), Timeout = TimeSpan.FromSeconds(60) };
        http.DefaultRequestHeaders.Authorization = PlantonApiClient.Bearer(key);
        return http;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await ((Task)Ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _source.Dispose();
        _stop.Dispose();
    }

    private async Task<long> ReadToTheEndAsync(Func<CancellationToken, Task<bool>> read)
    {
        try
        {
            while (await read(_stop.Token))
            {
                // Until it is aborted.
            }
        }
        catch (Exception aborted) when (aborted is IOException or HttpRequestException or WebSocketException)
        {
            return Stopwatch.GetTimestamp();
        }

        throw new InvalidOperationException("the stream ended as if it were complete, and was not aborted");
    }
}
