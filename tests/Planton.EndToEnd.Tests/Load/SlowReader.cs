using System.Net.Http.Headers;

namespace Planton.EndToEnd.Tests.Load;

/// <summary>Asks for a large answer, and takes it a few kilobytes at a time.</summary>
internal sealed class SlowReader : IAsyncDisposable
{
    private const int BytesATime = 2048;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly CancellationTokenSource _stop = new();
    private readonly HttpResponseMessage _response;
    private readonly Stream _body;
    private readonly Task _reading;
    private long _bytesRead;
    private bool _disposed;

    private SlowReader(HttpResponseMessage response, Stream body)
    {
        _response = response;
        _body = body;
        _reading = ReadAsync();
    }

    public long BytesRead => Interlocked.Read(ref _bytesRead);

    /// <summary>Faulted when the answer was cut.</summary>
    public Task Reading => _reading;

    public static async Task<SlowReader> StartAsync(HttpClient http, string path, AuthenticationHeaderValue key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = key;
        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode);
        return new SlowReader(response, await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposed)
            return;
        _disposed = true;
        await _stop.CancelAsync();
        await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _body.DisposeAsync();
        _response.Dispose();
        _stop.Dispose();
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[BytesATime];
        using var timer = new PeriodicTimer(Pause);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                var read = await _body.ReadAsync(buffer, _stop.Token);
                if (read == 0)
                    return;
                Interlocked.Add(ref _bytesRead, read);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
    }
}
