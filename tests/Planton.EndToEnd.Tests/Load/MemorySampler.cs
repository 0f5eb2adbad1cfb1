using Planton.Testing.Processes;

namespace Planton.EndToEnd.Tests.Load;

/// <summary>Looks at a process's memory ten times a second, and keeps the first and the highest figure.</summary>
internal sealed class MemorySampler : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly ProgramProcess _process;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _sampling;

    public MemorySampler(ProgramProcess process)
    {
        _process = process;
        Before = process.ResidentMemoryBytes;
        Peak = Before;
        _sampling = SampleAsync();
    }

    public long Before { get; }

    public long Peak { get; private set; }

    public long Growth => Peak - Before;

    public override string ToString() =>
        $"{_process.Name}: {Megabytes(Before)} MB before, {Megabytes(Peak)} MB at its peak";

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _sampling;
        _stop.Dispose();
    }

    private static long Megabytes(long bytes) => bytes / (1024 * 1024);

    private async Task SampleAsync()
    {
        using var timer = new PeriodicTimer(Interval);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
                Peak = Math.Max(Peak, _process.ResidentMemoryBytes);
        }
        catch (OperationCanceledException)
        {
        }
    }
}
