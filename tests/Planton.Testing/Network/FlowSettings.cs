namespace Planton.Testing.Network;

/// <summary>What every flow of one direction obeys, while it runs.</summary>
internal sealed class FlowSettings
{
    private long _bytes;
    private long _delayTicks;
    private long _bytesPerSecond;

    public TimeProvider Time { get; } = TimeProvider.System;

    public Gate Gate { get; } = new();

    public TimeSpan Delay
    {
        get => new(Interlocked.Read(ref _delayTicks));
        set => Interlocked.Exchange(ref _delayTicks, value.Ticks);
    }

    public long BytesPerSecond
    {
        get => Interlocked.Read(ref _bytesPerSecond);
        set => Interlocked.Exchange(ref _bytesPerSecond, value);
    }

    public long Bytes => Interlocked.Read(ref _bytes);

    public void Count(int bytes) => Interlocked.Add(ref _bytes, bytes);
}
