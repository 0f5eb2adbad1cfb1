using System.Diagnostics;
using Planton.EndToEnd.Tests.Installations;

namespace Planton.EndToEnd.Tests.Outages;

/// <summary>What <c>/healthz/ready</c> says at each moment, asked ten times a second.</summary>
internal sealed class ReadinessLog : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly List<(long At, int Status, string Reason)> _answers = [];
    private readonly CancellationTokenSource _end = new();
    private readonly Task _asking;

    public ReadinessLog(ServerWithSettings server) => _asking = AskAsync(server);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Waits until the last answer is as expected.</summary>
    public async Task BecomesAsync(int status, TimeSpan within, params string[] reasons)
    {
        try
        {
            await Eventually.BecomesTrueAsync(
                () => Last() is var last && last.Status == status && (reasons.Length == 0 || reasons.Contains(last.Reason)),
                $"readiness is {status} {string.Join(" or ", reasons)}", within, Token);
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException($"{exception.Message}; the last answer is {Last()}", exception);
        }
    }

    /// <summary>Fails when it said anything else since a time, and waits until it has said something.</summary>
    public async Task IsOnlyAsync(int status, long since)
    {
        await Eventually.BecomesTrueAsync(() => Since(since).Count > 0, "readiness answers", cancellationToken: Token);
        Assert.Equal([status], Since(since));
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _asking;
        _end.Dispose();
    }

    private List<int> Since(long timestamp)
    {
        lock (_gate)
            return [.. _answers.Where(answer => answer.At > timestamp).Select(answer => answer.Status).Distinct()];
    }

    private (int Status, string Reason) Last()
    {
        lock (_gate)
            return _answers.Count == 0 ? (0, "") : (_answers[^1].Status, _answers[^1].Reason);
    }

    private async Task AskAsync(ServerWithSettings server)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        while (!_end.IsCancellationRequested)
        {
            // The answer is of the moment at which it was asked for.
            var at = Stopwatch.GetTimestamp();
            var (status, body) = await server.ReadAsync("healthz/ready");
            lock (_gate)
                _answers.Add((at, status, body.Trim()));
            try
            {
                await timer.WaitForNextTickAsync(_end.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }
}
