using Microsoft.Extensions.Time.Testing;
using Planton.Server.ApiKeys;
using Planton.Server.Authorization;

namespace Planton.Server.Tests.ApiKeys;

public sealed class ApiKeyOwnerCacheTests
{
    private static readonly CallerIdentity Caller = new() { Kind = CallerKind.User, Id = "1", Name = "kim", ApiKeyId = "key" };

    private readonly FakeTimeProvider _time = new();
    private readonly ApiKeyOwnerCache _cache;

    public ApiKeyOwnerCacheTests() => _cache = new ApiKeyOwnerCache(_time);

    [Fact]
    public void AnAnswerIsKeptForLessThanTheSecondInWhichARevocationTakesEffect()
    {
        _cache.Set("key", [1], Caller, _cache.Generation);
        Assert.True(_cache.TryGet("key", out var hash, out var caller));
        Assert.Equal([1], hash);
        Assert.Same(Caller, caller);
        _time.Advance(TimeSpan.FromMilliseconds(501));
        Assert.False(_cache.TryGet("key", out _, out _));
    }

    [Fact]
    public void AfterAClearNothingIsKept()
    {
        _cache.Set("key", [1], Caller, _cache.Generation);
        _cache.Clear();
        Assert.False(_cache.TryGet("key", out _, out _));
    }

    [Fact]
    public void AnAnswerReadBeforeAClearIsNotKeptAfterIt()
    {
        var generation = _cache.Generation;
        _cache.Clear();
        _cache.Set("key", [1], Caller, generation);
        Assert.False(_cache.TryGet("key", out _, out _));
    }

    [Fact]
    public void ItDoesNotGrowWithoutBound()
    {
        for (var key = 0; key < 25_000; key++)
            _cache.Set($"key{key}", [1], Caller, _cache.Generation);
        Assert.InRange(Enumerable.Range(0, 25_000).Count(key => _cache.TryGet($"key{key}", out _, out _)), 1, 10_000);
    }
}
