namespace SampleCluster.Faults;

/// <summary>What goes wrong on purpose, as <c>/sample/faults</c> reads and writes it.</summary>
/// <param name="DelayMs">Milliseconds that every request waits first.</param>
/// <param name="FailNext">How many of the next requests are answered with <paramref name="FailStatus"/>.</param>
/// <param name="FailStatus">503 when not given.</param>
/// <param name="StallNext">How many of the next requests are never answered: they wait until the client goes or the plan changes.</param>
/// <param name="CutNext">How many of the next requests have their connection broken.</param>
internal sealed record FaultPlan(int DelayMs = 0, int FailNext = 0, int FailStatus = 503, int StallNext = 0, int CutNext = 0)
{
    private const int MaxDelayMs = 600_000;

    /// <summary>What is wrong with it; null when it can be carried out.</summary>
    public string? Fault => this switch
    {
        { DelayMs: < 0 or > MaxDelayMs } => $"delayMs: is not 0 to {MaxDelayMs}",
        { FailNext: < 0 } or { StallNext: < 0 } or { CutNext: < 0 } => "failNext, stallNext, cutNext: are not 0 or more",
        { FailStatus: < 400 or > 599 } => "failStatus: is not 400 to 599",
        _ => null,
    };
}
