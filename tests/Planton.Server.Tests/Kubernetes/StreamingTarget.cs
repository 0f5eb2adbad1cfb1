using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Planton.Server.Tests.Kubernetes;

/// <summary>A target that streams until its request is aborted, and its client's end.</summary>
internal sealed class StreamingTarget
{
    public const string Path = "/api/v1/pods?watch=1";

    public static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>Released when an operation reached the target.</summary>
    public SemaphoreSlim Begun { get; } = new(0);

    /// <summary>Released when an operation ended at the target.</summary>
    public SemaphoreSlim Ended { get; } = new(0);

    public async Task StreamAsync(HttpContext context)
    {
        await context.Response.WriteAsync("tick\n");
        await context.Response.Body.FlushAsync();
        Begun.Release();
        try
        {
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50), TimeProvider.System);
            while (await timer.WaitForNextTickAsync(context.RequestAborted))
                await context.Response.WriteAsync("tick\n", context.RequestAborted);
        }
        finally
        {
            Ended.Release();
        }
    }

    /// <summary>The body of an operation that has reached the target, from its second line on.</summary>
    public async Task<Stream> OpenAsync(HttpResponseMessage response)
    {
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var stream = await response.Content.ReadAsStreamAsync(Cancelled);
        await WaitForBeginAsync();
        Assert.Equal("tick\n", await ReadAsync(stream));
        return stream;
    }

    public async Task WaitForBeginAsync() => Assert.True(await Begun.WaitAsync(Limit, Cancelled), "nothing reached the target");

    public async Task WaitForEndAsync() => Assert.True(await Ended.WaitAsync(Limit, Cancelled), "the target was not told");

    public static async Task<string> ReadAsync(Stream stream)
    {
        var line = new byte[5];
        await stream.ReadExactlyAsync(line, Cancelled);
        return Encoding.ASCII.GetString(line);
    }

    /// <summary>The stream goes on for longer than what was cut may take to end; a single line may have been on its way before.</summary>
    public static async Task AssertGoesOnAsync(Stream stream)
    {
        var began = TimeProvider.System.GetTimestamp();
        do
            Assert.Equal("tick\n", await ReadAsync(stream).WaitAsync(Limit, Cancelled));
        while (TimeProvider.System.GetElapsedTime(began) < 2 * Second);
    }

    /// <summary>The stream is aborted at both ends, the client's within a second.</summary>
    public async Task AssertCutAsync(Stream stream, long began)
    {
        await EndAsync(stream, Limit);
        Assert.InRange(TimeProvider.System.GetElapsedTime(began), TimeSpan.Zero, Second);
        await WaitForEndAsync();
    }

    /// <summary>Waits until the stream is aborted, and fails when it ends as if it were complete.</summary>
    public static Task<IOException> EndAsync(Stream stream, TimeSpan limit) =>
        Assert.ThrowsAnyAsync<IOException>(() => stream.CopyToAsync(Stream.Null, Cancelled).WaitAsync(limit, Cancelled));
}
