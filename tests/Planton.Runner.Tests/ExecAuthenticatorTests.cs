using Microsoft.Extensions.Time.Testing;
using Planton.Runner.Network;
using Planton.Runner.Providers.Kubernetes;
using Planton.Runner.Providers.Kubernetes.Authentication;

namespace Planton.Runner.Tests;

public sealed class ExecAuthenticatorTests
{
    private static readonly TargetDefinition Definition = new() { Name = "context 'test'", Server = new Uri("https://127.0.0.1:1") };
    private readonly FakeTimeProvider _time = new();
    private int _runs;
    private int _atOnce;
    private int _mostAtOnce;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OneRunServesEverybodyWhoWaits()
    {
        var hold = new TaskCompletionSource();
        using var authenticator = Create(async (_, _) =>
        {
            await hold.Task;
            return Token("shared-token");
        });

        var waiting = Enumerable.Range(0, 50).Select(_ => authenticator.GetAsync(Cancel).AsTask()).ToArray();
        Assert.All(waiting, w => Assert.False(w.IsCompleted));
        hold.SetResult();
        var given = await Task.WhenAll(waiting);

        Assert.Equal(1, _runs);
        Assert.All(given, g => Assert.Same(given[0].Value, g.Value));
    }

    [Fact]
    public async Task OneRunAtATime_EvenWhenEveryAnswerHasExpiredOnArrival()
    {
        using var authenticator = Create(async (_, _) =>
        {
            await Task.Yield();
            return Token("stale-token", _time.GetUtcNow().AddHours(-1));
        });

        var given = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => authenticator.GetAsync(Cancel).AsTask(), Cancel)));

        Assert.All(given, g => Assert.Equal("stale-token", g.Value!.Authorization!.Parameter));
        Assert.Equal(1, _mostAtOnce);
        // The plugin's clock may be wrong: a burst of operations must not become a queue of as many processes.
        Assert.Equal(1, _runs);
        _time.Advance(TimeSpan.FromSeconds(2));
        await authenticator.GetAsync(Cancel);
        Assert.Equal(2, _runs);
    }

    [Theory]
    [InlineData(3600, 3589, 1)]
    [InlineData(3600, 3590, 2)]
    [InlineData(3600, 3601, 2)]
    [InlineData(5, 4, 1)]
    [InlineData(5, 5, 2)]
    public async Task ACredentialIsUsedUntil10SecondsBeforeItsEnd_AShortLivedOneUntilItsEnd(int lives, int age, int runs)
    {
        using var authenticator = Create((_, _) => Task.FromResult(Token("t", _time.GetUtcNow().AddSeconds(lives))));
        await authenticator.GetAsync(Cancel);
        _time.Advance(TimeSpan.FromSeconds(age));
        await authenticator.GetAsync(Cancel);
        Assert.Equal(runs, _runs);
    }

    [Fact]
    public async Task ACredentialWithoutAnEndIsUsedUntilItIsRefused_AndNotRenewedMoreOftenThanEvery10Seconds()
    {
        using var authenticator = Create((run, _) => Task.FromResult(Token($"token-{run}")));
        var first = (await authenticator.GetAsync(Cancel)).Value!;
        _time.Advance(TimeSpan.FromDays(30));
        Assert.Same(first, (await authenticator.GetAsync(Cancel)).Value);

        authenticator.Reject(first);
        var second = (await authenticator.GetAsync(Cancel)).Value!;
        authenticator.Reject(second);
        Assert.Same(second, (await authenticator.GetAsync(Cancel)).Value);
        _time.Advance(TimeSpan.FromSeconds(10));
        authenticator.Reject(second);
        var third = (await authenticator.GetAsync(Cancel)).Value!;

        Assert.Equal("token-3", third.Authorization!.Parameter);
        Assert.Equal(3, _runs);
    }

    [Fact]
    public async Task ALateRefusalOfAnOldCredentialDoesNotThrowAwayTheNewOne()
    {
        using var authenticator = Create((run, _) => Task.FromResult(Token($"token-{run}", _time.GetUtcNow().AddMinutes(1))));
        var first = (await authenticator.GetAsync(Cancel)).Value!;
        _time.Advance(TimeSpan.FromMinutes(2));
        var second = (await authenticator.GetAsync(Cancel)).Value!;
        _time.Advance(TimeSpan.FromSeconds(15));

        authenticator.Reject(first);

        Assert.Same(second, (await authenticator.GetAsync(Cancel)).Value);
        Assert.Equal(2, _runs);
    }

    [Fact]
    public async Task AFailureIsKeptForABurstAndThenTriedAgain()
    {
        var works = false;
        using var authenticator = Create((_, _) => Task.FromResult(works ? Token("t") : new NetworkFault(NetworkStage.Configuration, "it is broken", "")));

        for (var i = 0; i < 20; i++)
            Assert.Equal("it is broken", (await authenticator.GetAsync(Cancel)).Fault!.What);
        Assert.Equal(1, _runs);
        works = true;
        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.NotNull((await authenticator.GetAsync(Cancel)).Value);
    }

    [Fact]
    public async Task WhoGoesAwayWhileWaitingHoldsUpNobody()
    {
        var hold = new TaskCompletionSource();
        using var gone = new CancellationTokenSource();
        using var authenticator = Create(async (_, cancel) =>
        {
            await hold.Task.WaitAsync(cancel);
            return Token("t");
        });
        var starter = authenticator.GetAsync(gone.Token).AsTask();
        var other = authenticator.GetAsync(Cancel).AsTask();

        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => starter);
        hold.SetResult();

        Assert.NotNull((await other).Value);
    }

    [Fact]
    public async Task APluginThatThrowsDoesNotLockTheDoor()
    {
        using var authenticator = Create((run, _) => run == 1 ? throw new IOException("boom") : Task.FromResult(Token("t")));
        await Assert.ThrowsAsync<IOException>(() => authenticator.GetAsync(Cancel).AsTask());
        Assert.NotNull((await authenticator.GetAsync(Cancel)).Value);
    }

    [Theory]
    [InlineData("two words")]
    [InlineData("line\nbreak")]
    [InlineData("späß")]
    public async Task ATokenThatCannotStandInAHeaderIsAFaultAndIsNotRepeated(string token)
    {
        using var authenticator = Create((_, _) => Task.FromResult(Token(token)));
        var fault = (await authenticator.GetAsync(Cancel)).Fault!;
        Assert.Contains("cannot stand in a header", fault.What, StringComparison.Ordinal);
        Assert.DoesNotContain(token, fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ACertificateThatCannotBeReadIsAFault()
    {
        using var authenticator = Create((_, _) => Task.FromResult<TargetAttempt<ExecCredential>>(new ExecCredential("t", "no pem", "no key", null)));
        Assert.Contains("cannot be read or do not belong together", (await authenticator.GetAsync(Cancel)).Fault!.What, StringComparison.Ordinal);
    }

    private static TargetAttempt<ExecCredential> Token(string token, DateTimeOffset? expires = null) => new ExecCredential(token, null, null, expires);

    private ExecAuthenticator Create(Func<int, CancellationToken, Task<TargetAttempt<ExecCredential>>> plugin) => new(
        Definition,
        async cancel =>
        {
            _mostAtOnce = Math.Max(_mostAtOnce, Interlocked.Increment(ref _atOnce));
            try
            {
                return await plugin(Interlocked.Increment(ref _runs), cancel);
            }
            finally
            {
                Interlocked.Decrement(ref _atOnce);
            }
        },
        new KubernetesOptions(),
        _time);
}
