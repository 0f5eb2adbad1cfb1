using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Planton.Server.ApiKeys;
using Planton.Server.Storage;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.ApiKeys;

/// <summary>When a revoked key stops working: the verifier alone, with a clock that the test moves.</summary>
public sealed class RevocationTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private ServerFixture _server = null!;
    private GatedContexts _contexts = null!;
    private ApiKeyOwnerCache _cache = null!;
    private ApiKeyUsage _usage = null!;
    private ApiKeyVerifier _verifier = null!;
    private string _key = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await ServerFixture.StartAsync();
        _key = await _server.AddUserAsync("kim");
        _contexts = new GatedContexts(_server.Get<IDbContextFactory<ControlPlaneContext>>());
        _cache = new ApiKeyOwnerCache(_time);
        // Never started: it writes nothing, so that every unit of work that is counted is the verifier's.
        _usage = new ApiKeyUsage(_contexts, _time, NullLogger<ApiKeyUsage>.Instance);
        _verifier = new ApiKeyVerifier(_contexts, _cache, _usage, _time);
    }

    public async ValueTask DisposeAsync()
    {
        _usage.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task ABurstAsksTheDatabaseOnce()
    {
        for (var call = 0; call < 100; call++)
            await AcceptedAsync();
        Assert.Equal(1, _contexts.Count);
    }

    [Fact]
    public async Task ARevocationElsewhereBitesWithinASecondOfTheLastAnswer_HoweverBusyTheKeyIs()
    {
        await AcceptedAsync();
        await RevokeAsync();
        var waited = TimeSpan.Zero;
        // Asked every 50 ms: were each use to prolong the memory, a busy key would live for ever.
        while ((await _verifier.VerifyAsync(_key, Cancellation)).Error is null)
        {
            _time.Advance(TimeSpan.FromMilliseconds(50));
            waited += TimeSpan.FromMilliseconds(50);
            Assert.True(waited < TimeSpan.FromSeconds(1), "a revoked key was taken for a second");
        }

        Assert.Contains("was revoked at", (await _verifier.VerifyAsync(_key, Cancellation)).Error!.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ARevocationHereBitesAtOnce()
    {
        await AcceptedAsync();
        await RevokeAsync();
        _cache.Clear();
        Assert.NotNull((await _verifier.VerifyAsync(_key, Cancellation)).Error);
    }

    [Fact]
    public async Task AnAnswerUnderWayDuringTheRevocation_IsNotRemembered()
    {
        _contexts.Close();
        var underWay = _verifier.VerifyAsync(_key, Cancellation);
        await _contexts.EnteredAsync();
        // It asked before this, and is answered after it.
        _cache.Clear();
        _contexts.Release();
        Assert.Null((await underWay).Error);
        await RevokeAsync();

        // No time has passed: only a memory of that answer could let it in.
        Assert.NotNull((await _verifier.VerifyAsync(_key, Cancellation)).Error);
    }

    [Fact]
    public async Task ARefusalIsNeverRemembered()
    {
        await RevokeAsync();
        Assert.NotNull((await _verifier.VerifyAsync(_key, Cancellation)).Error);
        await _server.QueryAsync(context => context.ApiKeys.ExecuteUpdateAsync(
            set => set.SetProperty(key => key.RevokedAt, (DateTimeOffset?)null), Cancellation));
        await AcceptedAsync();
    }

    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, false)]
    [InlineData(1, false)]
    public async Task AKeyIsGoodUntilTheMomentItExpires(int millisecondsAfter, bool good)
    {
        DateTimeOffset? expires = DateTimeOffset.FromUnixTimeMilliseconds(_time.GetUtcNow().ToUnixTimeMilliseconds()).AddMinutes(5);
        await _server.QueryAsync(context => context.ApiKeys.ExecuteUpdateAsync(set => set.SetProperty(key => key.ExpiresAt, expires), Cancellation));
        _time.SetUtcNow(expires.Value.AddMilliseconds(millisecondsAfter));
        Assert.Equal(good, (await _verifier.VerifyAsync(_key, Cancellation)).Error is null);
    }

    [Fact]
    public async Task AKeyWhoseOwnerIsGone_IsUnknown()
    {
        await AcceptedAsync();
        await _server.QueryAsync(context => context.Database.ExecuteSqlRawAsync("PRAGMA foreign_keys = OFF; DELETE FROM users WHERE Name = 'kim'", Cancellation));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(ApiKeyErrors.Unknown, (await _verifier.VerifyAsync(_key, Cancellation)).Error);
    }

    [Fact]
    public async Task ARoleThatWasTakenAway_IsGoneWithinASecond()
    {
        var organization = await _server.DefaultOrganizationIdAsync();
        _key = await _server.AddUserAsync("lee", organization, "admin");
        Assert.Equal("admin", (await AcceptedAsync()).Memberships.Single().Role);
        await _server.QueryAsync(context => context.Memberships.Where(m => m.Role == "admin").ExecuteDeleteAsync(Cancellation));
        _time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.Empty((await AcceptedAsync()).Memberships);
    }

    [Fact]
    public async Task TheDatabaseDoesNotAnswer_NobodyIsLetIn()
    {
        _contexts.Failure = new IOException("no disk");
        await Assert.ThrowsAsync<IOException>(() => _verifier.VerifyAsync(_key, Cancellation));
    }

    [Fact]
    public async Task ARunnersKey_IsRefusedAsSoonAsItIsRevoked_AndItsSisterIsNot()
    {
        var first = (await _server.Admin.GenerateCredentialsAsync("default", "prod", Cancellation)).Credentials.ApiKey!;
        var second = (await _server.Admin.GenerateCredentialsAsync("default", "prod", Cancellation)).Credentials.ApiKey!;
        _key = first;
        await RevokeAsync();
        Assert.NotNull((await _verifier.VerifyAsync(first, Cancellation)).Error);
        Assert.Null((await _verifier.VerifyAsync(second, Cancellation)).Error);
    }

    private async Task<Planton.Server.Authorization.CallerIdentity> AcceptedAsync()
    {
        var verdict = await _verifier.VerifyAsync(_key, Cancellation);
        Assert.True(verdict.Error is null, verdict.Error?.Detail);
        return verdict.Caller!;
    }

    private Task<int> RevokeAsync()
    {
        var id = _key[4..16];
        DateTimeOffset? now = TimeProvider.System.GetStorableNow();
        return _server.QueryAsync(context => context.ApiKeys.Where(key => key.Id == id)
            .ExecuteUpdateAsync(set => set.SetProperty(key => key.RevokedAt, now), Cancellation));
    }
}
