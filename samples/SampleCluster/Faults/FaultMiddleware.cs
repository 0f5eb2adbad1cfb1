using SampleCluster.Api;

namespace SampleCluster.Faults;

/// <summary>Lets requests to the Kubernetes API (and nothing else) meet the planned faults.</summary>
internal sealed class FaultMiddleware(RequestDelegate next, FaultInjector faults, TimeProvider time)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (!context.Request.Path.StartsWithSegments("/api") && !context.Request.Path.StartsWithSegments("/apis"))
        {
            await next(context);
            return;
        }

        var (kind, plan, planChanged) = faults.Take();
        if (plan.DelayMs > 0)
            await Task.Delay(TimeSpan.FromMilliseconds(plan.DelayMs), time, context.RequestAborted);
        switch (kind)
        {
            case FaultKind.Cut:
                context.Abort();
                return;
            case FaultKind.Fail:
                await context.Response.WriteStatusAsync(
                    new ApiStatus(plan.FailStatus, "SampleFault", "the sample cluster was told to fail this request"), context.RequestAborted);
                return;
            case FaultKind.Stall:
                await StallAsync(planChanged, context.RequestAborted);
                break;
            default:
                break;
        }

        await next(context);
    }

    private async Task StallAsync(CancellationToken planChanged, CancellationToken aborted)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(planChanged, aborted);
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, time, either.Token);
        }
        catch (OperationCanceledException) when (!aborted.IsCancellationRequested)
        {
            // The plan changed: the request is answered after all.
        }
    }
}
