using Planton.Api.Client;
using Planton.Api.Errors;

namespace Planton.Server.Tests.Fixture;

internal static class Expect
{
    /// <summary>The problem that a call must end with.</summary>
    public static async Task<Problem> ProblemAsync(string code, Func<Task> call)
    {
        var problem = (await Assert.ThrowsAsync<ApiException>(call)).Problem;
        Assert.True(problem.Code == code, $"expected {code}, got {problem.Code}: {problem.Detail}");
        Assert.Equal(ErrorStatus.ToHttpStatus(code), problem.Status);
        Assert.Equal($"urn:planton:error:{code}", problem.Type);
        Assert.NotEmpty(problem.Title);
        Assert.NotEmpty(problem.Detail);
        Assert.True(Guid.TryParse(problem.OperationId, out _));
        return problem;
    }

    /// <summary>Waits until a condition holds, and says what was awaited when it never does.</summary>
    public static async Task EventuallyAsync(string what, Func<Task<bool>> condition, TimeSpan? patience = null)
    {
        var limit = patience ?? TimeSpan.FromSeconds(10);
        using var late = new CancellationTokenSource(limit, TimeProvider.System);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        while (!await condition())
        {
            try
            {
                await timer.WaitForNextTickAsync(late.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"never within {limit.TotalSeconds:0} s: {what}");
            }
        }
    }
}
