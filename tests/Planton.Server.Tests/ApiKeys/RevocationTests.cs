using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Planton.Server.ApiKeys;
using Planton.Server.Authorization;
using Planton.Server.Storage;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.ApiKeys;

/// <summary>When a revoked key stops working: the verifier alone, with a clock that the test moves.</summary>
public abstract class RevocationTests(SharedServer shared) : SharedServerTest(shared)
{
    private GatedContexts _contexts = null!;
    private ApiKeyOwnerCache _cache = null!;
    private ApiKeyUsage _usage = null!;

    private protected FakeTimeProvider Time { get; } = new(TimeProvider.System.GetUtcNow());

    private protected ApiKeyVerifier Verifier { get; private set; } = null!;

    private protected string UserName { get; private set; } = "";

    private protected string Key { get; private set; } = "";

    private string KeyId => Key[4..16];

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        UserName = UniqueName("kim");
        Key = await Server.AddUserAsync(UserName);
        _contexts = new GatedContexts(Server.Get<IDbContextFactory<ControlPlaneContext>>());
        _cache = new ApiKeyOwnerCache(Time);
        // Never started: it writes nothing, so that every unit of work that is counted is the verifier's.
        _usage = new ApiKeyUsage(_contexts, Time, NullLogger<ApiKeyUsage>.Instance);
        Verifier = new ApiKeyVerifier(_contexts, _cache, _usage, Time);
    }

    public override async ValueTask DisposeAsync()
    {
        _usage?.Dispose();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task ABurstAsksTheDatabaseOnce()
    {
        for (var call = 0; call < 100; call++)
            await AcceptedAsync();
        Assert.Equal(1, _contexts.Count);
    }

    [Fact]
    public async Task ARevocationOnAnotherNodeTakesEffectWithinASecondOfTheLastAnswer_HoweverBusyTheKeyIs()
    {
        await AcceptedAsync();
        await RevokeAsync();
        var waited = TimeSpan.Zero;
        // Verified every 50 ms: if each use prolonged the cached answer, a busy key would stay valid.
        while ((await Verifier.VerifyAsync(Key, Cancellation)).Error is null)
        {
            Time.Advance(TimeSpan.FromMilliseconds(50));
            waited += TimeSpan.FromMilliseconds(50);
            Assert.True(waited < TimeSpan.FromSeconds(1), "a revoked key was taken for a second");
        }

        Assert.Contains("was revoked at", (await Verifier.VerifyAsync(Key, Cancellation)).Error!.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ARevocationHereTakesEffectAtOnce()
    {
        await AcceptedAsync();
        await RevokeAsync();
        _cache.Clear();
        Assert.NotNull((await Verifier.VerifyAsync(Key, Cancellation)).Error);
    }

    [Fact]
    public async Task AnAnswerInFlightDuringTheRevocation_IsNotCached()
    {
        _contexts.Close();
        var inFlight = Verifier.VerifyAsync(Key, Cancellation);
        await _contexts.EnteredAsync();
        // Asked before the revocation, answered after it.
        _cache.Clear();
        _contexts.Release();
        Assert.Null((await inFlight).Error);
        await RevokeAsync();

        // No time has passed: only a cached answer could accept it.
        Assert.NotNull((await Verifier.VerifyAsync(Key, Cancellation)).Error);
    }

    [Fact]
    public async Task ARefusalIsNeverCached()
    {
        await RevokeAsync();
        Assert.NotNull((await Verifier.VerifyAsync(Key, Cancellation)).Error);
        await Server.QueryAsync(context => context.ApiKeys.Where(key => key.Id == KeyId).ExecuteUpdateAsync(
            set => set.SetProperty(key => key.RevokedAt, (DateTimeOffset?)null), Cancellation));
        await AcceptedAsync();
    }

    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, false)]
    [InlineData(1, false)]
    public async Task AKeyIsGoodUntilTheMomentItExpires(int millisecondsAfter, bool good)
    {
        DateTimeOffset? expires = DateTimeOffset.FromUnixTimeMilliseconds(Time.GetUtcNow().ToUnixTimeMilliseconds()).AddMinutes(5);
        await Server.QueryAsync(context => context.ApiKeys.Where(key => key.Id == KeyId)
            .ExecuteUpdateAsync(set => set.SetProperty(key => key.ExpiresAt, expires), Cancellation));
        Time.SetUtcNow(expires.Value.AddMilliseconds(millisecondsAfter));
        Assert.Equal(good, (await Verifier.VerifyAsync(Key, Cancellation)).Error is null);
    }

    [Fact]
    public async Task ARoleThatWasTakenAway_IsGoneWithinASecond()
    {
        Key = await AddUserAsync("admin");
        Assert.Equal("admin", (await AcceptedAsync()).Memberships.Single().Role);
        await Server.QueryAsync(context => context.Memberships.Where(m => m.OrganizationId == OrgId && m.Role == "admin").ExecuteDeleteAsync(Cancellation));
        Time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.Empty((await AcceptedAsync()).Memberships);
    }

    [Fact]
    public async Task WhenTheDatabaseDoesNotAnswer_NoKeyIsAccepted()
    {
        _contexts.Failure = new IOException("no disk");
        await Assert.ThrowsAsync<IOException>(() => Verifier.VerifyAsync(Key, Cancellation));
    }

    [Fact]
    public async Task ARunnersKey_IsRefusedAsSoonAsItIsRevoked_AndItsSisterIsNot()
    {
        var first = (await Admin.GenerateCredentialsAsync(Org, "prod", Cancellation)).Credentials.ApiKey!;
        var second = (await Admin.GenerateCredentialsAsync(Org, "prod", Cancellation)).Credentials.ApiKey!;
        Key = first;
        await RevokeAsync();
        Assert.NotNull((await Verifier.VerifyAsync(first, Cancellation)).Error);
        Assert.Null((await Verifier.VerifyAsync(second, Cancellation)).Error);
    }

    private protected async Task<CallerIdentity> AcceptedAsync()
    {
        var verdict = await Verifier.VerifyAsync(Key, Cancellation);
        Assert.True(verdict.Error is null, verdict.Error?.Detail);
        return verdict.Caller!;
    }

    private Task<int> RevokeAsync()
    {
        DateTimeOffset? now = TimeProvider.System.GetStorableNow();
        return Server.QueryAsync(context => context.ApiKeys.Where(key => key.Id == KeyId)
            .ExecuteUpdateAsync(set => set.SetProperty(key => key.RevokedAt, now), Cancellation));
    }
}

public sealed class RevocationTestsOnSqlite(OnSqlite shared) : RevocationTests(shared), IClassFixture<OnSqlite>
{
    // PostgreSQL has no way to leave a key without its owner.
    [Fact]
    public async Task AKeyWhoseOwnerIsGone_IsUnknown()
    {
        await AcceptedAsync();
        await Server.QueryAsync(context => context.Database.ExecuteSqlRawAsync(
            "PRAGMA foreign_keys = OFF; DELETE FROM users WHERE Name = {0}; PRAGMA foreign_keys = ON", [UserName], Cancellation));
        Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(ApiKeyErrors.Unknown, (await Verifier.VerifyAsync(Key, Cancellation)).Error);
    }
}

public sealed class RevocationTestsOnPostgreSql(OnPostgreSql shared) : RevocationTests(shared), IClassFixture<OnPostgreSql>;
