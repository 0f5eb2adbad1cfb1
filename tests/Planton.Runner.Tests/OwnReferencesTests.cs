using Microsoft.Extensions.Time.Testing;
using Planton.Api.Errors;
using Planton.Api.Operations;
using Planton.Runner.Tests.Fixtures;
using Planton.Testing;

namespace Planton.Runner.Tests;

/// <summary>References in the runner's own kubeconfig.</summary>
public sealed class OwnReferencesTests : IDisposable
{
    private readonly TestAuthority _authority = new();
    private readonly TemporaryFolder _folder = new();
    private readonly FakeReferences _references = new();
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task TheyAreResolvedOnce_KeptForAMinute_AndThenAskedForAgain()
    {
        await using var target = await TestTarget.StartAsync(_authority.Server());
        await using var host = await StartAsync(target);
        _references.Values[":$secret/eks"] = "first-token-value";

        await SendAsync(host);
        _references.Values[":$secret/eks"] = "second-token-value";
        _time.Advance(TimeSpan.FromSeconds(59));
        await SendAsync(host);
        _time.Advance(TimeSpan.FromSeconds(1));
        await SendAsync(host);

        Assert.Equal(["Bearer first-token-value", "Bearer first-token-value", "Bearer second-token-value"], target.Seen.Select(seen => seen.Header("Authorization")));
        Assert.Equal([":$secret/eks", ":$secret/eks"], _references.Asked);
        Assert.Equal("***", host.Masker.Apply("second-token-value"));
    }

    [Fact]
    public async Task EachEnvironmentHasItsOwnValues()
    {
        await using var target = await TestTarget.StartAsync(_authority.Server());
        await using var host = await StartAsync(target);
        _references.Values["staging:$secret/eks"] = "staging-token-value";
        _references.Values["prod:$secret/eks"] = "prod-token-value";

        await SendAsync(host, "staging");
        await SendAsync(host, "prod");
        await SendAsync(host, "staging");

        Assert.Equal(["Bearer staging-token-value", "Bearer prod-token-value", "Bearer staging-token-value"], target.Seen.Select(seen => seen.Header("Authorization")));
        Assert.Equal(2, _references.Asked.Count);
    }

    [Fact]
    public async Task WhatCannotBeResolved_IsSaidByName_AndAskedForAgainTheNextTime()
    {
        await using var target = await TestTarget.StartAsync(_authority.Server());
        await using var host = await StartAsync(target);

        using var missing = await SendAsync(host);
        _references.Values[":$secret/eks"] = "made-token-value";
        using var there = await SendAsync(host);

        Assert.Equal(ErrorCode.TargetUnreachable, missing.ErrorCode());
        Assert.Contains("$secret/eks of context 'test' cannot be resolved: there is no such secret. Make it", missing.ErrorDetail(), StringComparison.Ordinal);
        Assert.True(there.IsSuccessStatusCode);
    }

    [Fact]
    public async Task ABurstOfRequests_IsOneQuestion()
    {
        await using var target = await TestTarget.StartAsync(_authority.Server());
        await using var host = await StartAsync(target);
        _references.Values[":$secret/eks"] = "burst-token-value";
        var hold = new TaskCompletionSource();
        _references.Hold = hold.Task;

        var burst = Enumerable.Range(0, 20).Select(_ => SendAsync(host)).ToArray();
        await Eventually.BecomesTrueAsync(() => !_references.Asked.IsEmpty, "the control plane is asked", cancellationToken: Cancel);
        hold.SetResult();
        var answers = await Task.WhenAll(burst);

        Assert.Single(_references.Asked);
        Assert.All(answers, answer => Assert.True(answer.IsSuccessStatusCode));
    }

    [Fact]
    public async Task OnlyWholeValuesAreReferences()
    {
        await using var target = await TestTarget.StartAsync(_authority.Server());
        await using var host = await StartAsync(target, "token: prefix-$secret/eks");

        await SendAsync(host);

        Assert.Equal("Bearer prefix-$secret/eks", target.Seen.Single().Header("Authorization"));
        Assert.Empty(_references.Asked);
    }

    private Task<OperationHost> StartAsync(TestTarget target, string user = "token: $secret/eks") => OperationHost.StartAsync(
        _folder.Write("kube", KubeConfigs.One(target.Url, KubeConfigs.Authority(_authority), user)), references: _references, time: _time);

    private static async Task<HttpResponseMessage> SendAsync(OperationHost host, string? environment = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/kubernetes/api");
        if (environment is not null)
            request.Headers.TryAddWithoutValidation(OperationHeaders.Environment, environment);
        return await host.Client.SendAsync(request, Cancel);
    }
}
