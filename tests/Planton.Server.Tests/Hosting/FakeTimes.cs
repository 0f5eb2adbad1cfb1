using Microsoft.Extensions.Time.Testing;

namespace Planton.Server.Tests.Hosting;

internal static class FakeTimes
{
    /// <summary>Moves the clock again and again until the task ends: what it waits for may be set only after the first move.</summary>
    public static async Task AdvanceUntilAsync(this FakeTimeProvider time, Task task, TimeSpan step, CancellationToken cancellationToken)
    {
        await Eventually.BecomesTrueAsync(
            () =>
            {
                time.Advance(step);
                return task.IsCompleted;
            },
            $"the end of what waits for {step}", cancellationToken: cancellationToken);
        await task;
    }
}
