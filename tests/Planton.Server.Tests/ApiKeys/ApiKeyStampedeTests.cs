using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Planton.Server.ApiKeys;
using Planton.Server.Storage;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.ApiKeys;

/// <summary>Many requests with one key at the moment when its remembered owner expires: the verifier alone, with a clock that the test moves.</summary>
public abstract class ApiKeyStampedeTests(SharedServer shared) : SharedServerTest(shared)
{
    private const int Callers = 64;

    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private GatedContexts _contexts = null!;
    private ApiKeyOwnerCache _cache = null!;
    private ApiKeyUsage _usage = null!;
    private ApiKeyVerifier _verifier = null!;
    private string _key = "";

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _key = await AddUserAsync("viewer");
        _contexts = new GatedContexts(Server.Get<IDbContextFactory<ControlPlaneContext>>());
        _cache = new ApiKeyOwnerCache(_time);
        // Never started: it writes nothing, so that every unit of work that is counted is the verifier's.
        _usage = new ApiKeyUsage(_contexts, _time, NullLogger<ApiKeyUsage>.Instance);
        _verifier = new ApiKeyVerifier(_contexts, _cache, _usage, _time);
    }

    public override async ValueTask DisposeAsync()
    {
        _usage?.Dispose();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task AtEachExpiry_TheKeyIsReadOnce_HoweverManyWaitForIt()
    {
        const int expiries = 20;
        for (var expiry = 0; expiry < expiries; expiry++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(500));
            // At the gate until all have asked: what they would do to a database that is slower than they are.
            _contexts.Close();
            var all = Enumerable.Range(0, Callers).Select(_ => _verifier.VerifyAsync(_key, Cancellation)).ToList();
            _contexts.Release();
            Assert.All(await Task.WhenAll(all), verdict => Assert.Null(verdict.Error));
        }

        Assert.Equal(expiries, _contexts.Count);
    }

    [Fact]
    public async Task FromManyThreadsAtOnce_ItIsReadOnceAsWell()
    {
        for (var round = 1; round <= 20; round++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(500));
            await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(() => _verifier.VerifyAsync(_key, Cancellation), Cancellation)));
            Assert.Equal(round, _contexts.Count);
        }
    }

    [Fact]
    public async Task AWrongSecretOfAKnownKey_IsRefused_WithoutAQueryOfItsOwn()
    {
        Assert.Null((await _verifier.VerifyAsync(_key, Cancellation)).Error);
        var forged = AuthenticationTests.Forge(_key[4..16]);
        var wrong = await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => _verifier.VerifyAsync(forged, Cancellation)));
        Assert.All(wrong, verdict => Assert.Equal((ApiKeyErrors.Unknown, _key[4..16]), (verdict.Error, verdict.Known!.Id)));
        Assert.Null((await _verifier.VerifyAsync(_key, Cancellation)).Error);
        Assert.Equal(1, _contexts.Count);
    }

    [Fact]
    public async Task ACallerThatGoesAway_LeavesTheReadingToTheOthers()
    {
        _contexts.Close();
        using var gone = new CancellationTokenSource();
        var first = _verifier.VerifyAsync(_key, gone.Token);
        await _contexts.EnteredAsync();
        var second = _verifier.VerifyAsync(_key, Cancellation);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        _contexts.Release();
        Assert.Null((await second).Error);
        Assert.Equal(1, _contexts.Count);
    }

    [Fact]
    public async Task AReadingThatFails_FailsForThoseWhoWait_AndIsNotRemembered()
    {
        _contexts.Close();
        var first = _verifier.VerifyAsync(_key, Cancellation);
        await _contexts.EnteredAsync();
        var second = _verifier.VerifyAsync(_key, Cancellation);
        _contexts.Failure = new IOException("no disk");
        _contexts.Release();
        await Assert.ThrowsAsync<IOException>(() => first);
        await Assert.ThrowsAsync<IOException>(() => second);
        _contexts.Failure = null;
        Assert.Null((await _verifier.VerifyAsync(_key, Cancellation)).Error);
        Assert.Equal(2, _contexts.Count);
    }

    [Fact]
    public async Task AReadingFromBeforeARevocation_IsNotJoinedAfterIt_AndNotKept()
    {
        _contexts.Close();
        var before = _verifier.VerifyAsync(_key, Cancellation);
        await _contexts.EnteredAsync();
        await RevokeAsync();
        _cache.Clear();
        var after = _verifier.VerifyAsync(_key, Cancellation);
        await _contexts.EnteredAsync();
        _contexts.Release();
        await before;
        Assert.Contains("was revoked at", (await after).Error!.Detail, StringComparison.Ordinal);
        Assert.Equal(2, _contexts.Count);
    }

    [Fact]
    public async Task AReadingThatTakesLongerThanItsAnswerIsKept_IsNotJoined()
    {
        _contexts.Close();
        var slow = _verifier.VerifyAsync(_key, Cancellation);
        await _contexts.EnteredAsync();
        _time.Advance(TimeSpan.FromMilliseconds(501));
        var next = _verifier.VerifyAsync(_key, Cancellation);
        await _contexts.EnteredAsync();
        _contexts.Release();
        await Task.WhenAll(slow, next);
        Assert.Equal(2, _contexts.Count);
    }

    private Task<int> RevokeAsync()
    {
        DateTimeOffset? now = TimeProvider.System.GetStorableNow();
        return Server.QueryAsync(context => context.ApiKeys.Where(key => key.Id == _key.Substring(4, 12))
            .ExecuteUpdateAsync(set => set.SetProperty(key => key.RevokedAt, now), Cancellation));
    }
}

public sealed class ApiKeyStampedeTestsOnSqlite(OnSqlite shared) : ApiKeyStampedeTests(shared), IClassFixture<OnSqlite>;

public sealed class ApiKeyStampedeTestsOnPostgreSql(OnPostgreSql shared) : ApiKeyStampedeTests(shared), IClassFixture<OnPostgreSql>;
