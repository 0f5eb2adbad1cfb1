using System.Globalization;

namespace Planton.EndToEnd.Tests.Identity;

/// <summary>The log of a pod of the sample cluster, followed through a tunnel: a numbered line a second.</summary>
internal sealed class FollowedLog : IAsyncDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly Lock _lock = new();
    private readonly List<long> _numbers = [];
    private readonly Task _reading;
    private bool _disposed;

    private FollowedLog(HttpResponseMessage response)
    {
        _response = response;
        _reading = ReadAsync();
    }

    /// <summary>The numbers of the lines that came so far.</summary>
    public IReadOnlyList<long> Numbers
    {
        get
        {
            lock (_lock)
                return [.. _numbers];
        }
    }

    /// <summary>Whether the other end has ended it, or it broke.</summary>
    public bool HasEnded => _reading.IsCompleted;

    /// <summary>Follows the log of a pod; returns when its answer has begun.</summary>
    public static async Task<FollowedLog> StartAsync(HttpClient http, string pod)
    {
        var response = await http.GetAsync(
            new Uri($"{pod}/log?follow=true&tailLines=1", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode}");
        return new FollowedLog(response);
    }

    public async ValueTask DisposeAsync()
    {
        // A test may end it before it goes out of scope.
        if (_disposed)
            return;
        _disposed = true;
        await _stop.CancelAsync();
        // However it ends: a test looks at what came before.
        await Task.WhenAny(_reading);
        _response.Dispose();
        _stop.Dispose();
    }

    private async Task ReadAsync()
    {
        using var lines = new StreamReader(await _response.Content.ReadAsStreamAsync(_stop.Token));
        while (await lines.ReadLineAsync(_stop.Token) is { } line)
        {
            var number = line.Split(' ').First(word => word.StartsWith("line=", StringComparison.Ordinal))["line=".Length..];
            lock (_lock)
                _numbers.Add(long.Parse(number, CultureInfo.InvariantCulture));
        }
    }
}
