using System.Diagnostics;
using System.Text.Json.Nodes;
using SampleCluster.Objects;

namespace Planton.SampleCluster.Tests.Faults;

public sealed class FaultTests(RunningSample sample) : IClassFixture<RunningSample>, IAsyncLifetime
{
    private const string Path = "/sample/faults";

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync() => await sample.SendAsync(HttpMethod.Delete, Path);

    [Fact]
    public async Task WhenToldToFail_SoManyRequestsFail_AndThenNoMore()
    {
        await PlanAsync(new JsonObject { ["failNext"] = 2, ["failStatus"] = 502 });
        for (var i = 0; i < 2; i++)
        {
            var (status, json) = await sample.SendAsync(HttpMethod.Get, "/api/v1/pods");
            Assert.Equal((502, "SampleFault"), (status, json.Text("reason")));
        }

        Assert.Equal("PodList", (await sample.GetAsync("/api/v1/pods")).Text("kind"));
        Assert.Equal(0, (await sample.GetAsync(Path)).Number("failNext"));
    }

    [Fact]
    public async Task WhenToldToDelay_EveryRequestTakesThatLong()
    {
        await PlanAsync(new JsonObject { ["delayMs"] = 200 });
        var started = Stopwatch.GetTimestamp();
        await sample.GetAsync("/api/v1/namespaces");
        Assert.True(Stopwatch.GetElapsedTime(started) >= TimeSpan.FromMilliseconds(190));
    }

    [Fact]
    public async Task WhenToldToStall_ARequestIsNotAnsweredUntilThePlanChanges()
    {
        await PlanAsync(new JsonObject { ["stallNext"] = 1 });
        var stalled = sample.GetAsync("/api/v1/pods");
        await Assert.ThrowsAsync<TimeoutException>(() => stalled.WaitAsync(TimeSpan.FromMilliseconds(300), TestContext.Current.CancellationToken));
        await sample.SendAsync(HttpMethod.Delete, Path);
        Assert.Equal("PodList", (await stalled).Text("kind"));
    }

    [Fact]
    public async Task WhenToldToCut_TheRequestBreaks()
    {
        await PlanAsync(new JsonObject { ["cutNext"] = 1 });
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => sample.GetAsync("/api/v1/pods"));
        Assert.Equal("PodList", (await sample.GetAsync("/api/v1/pods")).Text("kind"));
    }

    [Theory]
    [InlineData("""{"delayMs":-1}""")]
    [InlineData("""{"failNext":-1}""")]
    [InlineData("""{"failStatus":200}""")]
    [InlineData("""{"failNext":"many"}""")]
    public async Task AnImpossiblePlanIsRefused(string plan)
    {
        var (status, _) = await sample.SendAsync(HttpMethod.Post, Path, JsonNode.Parse(plan));
        Assert.Equal(400, status);
    }

    [Fact]
    public async Task WithoutTheToken_ThePlanCannotBeChanged()
    {
        using var client = sample.MakeClient(null);
        using var response = await client.DeleteAsync(new Uri(Path, UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(401, (int)response.StatusCode);
    }

    private async Task PlanAsync(JsonObject plan)
    {
        var (status, _) = await sample.SendAsync(HttpMethod.Post, Path, plan);
        Assert.Equal(200, status);
    }
}
