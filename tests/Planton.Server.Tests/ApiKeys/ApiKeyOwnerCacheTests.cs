using Microsoft.Extensions.Time.Testing;
using Planton.Server.ApiKeys;
using Planton.Server.Authorization;

namespace Planton.Server.Tests.ApiKeys;

/// <summary>The cache alone. How the verifier uses it: <see cref="ApiKeyStampedeTests"/> and <see cref="RevocationTests"/>.</summary>
public sealed class ApiKeyOwnerCacheTests
{
    private static readonly CallerIdentity Caller = new() { Kind = CallerKind.User, Id = "1", Name = "kim", ApiKeyId = "key" };

    private readonly FakeTimeProvider _time = new();
    private readonly ApiKeyOwnerCache _cache;
    private int _readings;

    public ApiKeyOwnerCacheTests() => _cache = new ApiKeyOwnerCache(_time);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AnAnswerIsKeptForLessThanTheSecondInWhichARevocationTakesEffect()
    {
        var first = await GetAsync();
        Assert.Same(Caller, first.Caller.Value);
        Assert.Same(first, await GetAsync());
        _time.Advance(TimeSpan.FromMilliseconds(501));
        Assert.NotSame(first, await GetAsync());
        Assert.Equal(2, _readings);
    }

    [Fact]
    public async Task HowLongItIsKeptCountsFromTheBeginningOfItsReading()
    {
        var (slow, answer) = Hold();
        _time.Advance(TimeSpan.FromMilliseconds(400));
        answer.SetResult(new ApiKeyReading(null, Caller));
        await slow;
        await GetAsync();
        Assert.Equal(0, _readings);
        _time.Advance(TimeSpan.FromMilliseconds(101));
        await GetAsync();
        Assert.Equal(1, _readings);
    }

    [Fact]
    public async Task AfterAClearNothingIsKept()
    {
        await GetAsync();
        _cache.Clear();
        await GetAsync();
        Assert.Equal(2, _readings);
    }

    [Fact]
    public async Task AnAnswerReadBeforeAClear_IsNotJoinedAndNotKeptAfterIt()
    {
        var (before, answer) = Hold();
        _cache.Clear();
        var after = await GetAsync();
        answer.SetResult(new ApiKeyReading(null, Caller));
        Assert.NotSame(after, await before);
        Assert.Same(after, await GetAsync());
        Assert.Equal(1, _readings);
    }

    [Fact]
    public async Task WhatIsNotGoodIsNotKept()
    {
        for (var call = 0; call < 2; call++)
            Assert.Same(ApiKeyErrors.Unknown, (await _cache.GetAsync("key", () => ReadAsync(new ApiKeyReading(null, ApiKeyErrors.Unknown)), Cancellation)).Caller.Error);
        Assert.Equal(2, _readings);
    }

    [Fact]
    public async Task ItDoesNotGrowWithoutBound()
    {
        for (var key = 0; key < 25_000; key++)
            await GetAsync($"key{key}");
        var kept = 0;
        for (var key = 24_999; key >= 0; key--)
        {
            var before = _readings;
            await GetAsync($"key{key}");
            if (_readings > before)
                break;
            kept++;
        }

        Assert.InRange(kept, 1, 10_000);
    }

    private (Task<ApiKeyReading> Reading, TaskCompletionSource<ApiKeyReading> Answer) Hold()
    {
        var answer = new TaskCompletionSource<ApiKeyReading>();
        return (_cache.GetAsync("key", () => answer.Task, Cancellation).AsTask(), answer);
    }

    private Task<ApiKeyReading> GetAsync(string key = "key") => _cache.GetAsync(key, () => ReadAsync(new ApiKeyReading(null, Caller)), Cancellation).AsTask();

    private Task<ApiKeyReading> ReadAsync(ApiKeyReading reading)
    {
        Interlocked.Increment(ref _readings);
        return Task.FromResult(reading);
    }
}
