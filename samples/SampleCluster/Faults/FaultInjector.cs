namespace SampleCluster.Faults;

/// <summary>Holds the plan, and hands its faults out to requests in the order they come.</summary>
internal sealed class FaultInjector : IDisposable
{
    private readonly Lock _lock = new();
    private FaultPlan _plan = new();
    private CancellationTokenSource _planChanged = new();

    public FaultPlan Plan
    {
        get
        {
            lock (_lock)
                return _plan;
        }
    }

    /// <summary>Replaces the plan; requests that an earlier one stalled go on.</summary>
    public void Set(FaultPlan plan)
    {
        CancellationTokenSource before;
        lock (_lock)
        {
            before = _planChanged;
            _planChanged = new CancellationTokenSource();
            _plan = plan;
        }

        before.Cancel();
        before.Dispose();
    }

    /// <summary>Decides about one request, and counts it off.</summary>
    public (FaultKind Kind, FaultPlan Plan, CancellationToken PlanChanged) Take()
    {
        lock (_lock)
        {
            var plan = _plan;
            var kind = plan switch
            {
                { CutNext: > 0 } => FaultKind.Cut,
                { StallNext: > 0 } => FaultKind.Stall,
                { FailNext: > 0 } => FaultKind.Fail,
                _ => FaultKind.None,
            };
            _plan = kind switch
            {
                FaultKind.Cut => plan with { CutNext = plan.CutNext - 1 },
                FaultKind.Stall => plan with { StallNext = plan.StallNext - 1 },
                FaultKind.Fail => plan with { FailNext = plan.FailNext - 1 },
                _ => plan,
            };
            return (kind, plan, _planChanged.Token);
        }
    }

    public void Dispose() => _planChanged.Dispose();
}
