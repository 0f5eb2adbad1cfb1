using Microsoft.EntityFrameworkCore;
using Planton.Server.Storage;
using Planton.Server.Tests.Fixture;
using Planton.Server.Tests.Kubernetes;
using Planton.Tunnel.Protocol;

namespace Planton.Server.Tests.Gateway;

/// <summary>Tunnels whose credentials ended in the database, as another server on it does it.</summary>
public abstract class RevokedElsewhereTests(TunnelServer shared) : KubernetesProxyTest(shared)
{
    private readonly StreamingTarget _target = new();

    [Fact]
    public async Task ACredentialRevokedElsewhere_LosesItsTunnelWithinASecond_AndItsSisterDoesNot()
    {
        var doomed = await ConnectAsync(_target.StreamAsync);
        using var stream = await _target.OpenAsync(await GetAsync(StreamingTarget.Path));
        var sister = Started(await ConnectedRunner.StartAsync(Server, "prod", _target.StreamAsync, Org));
        var id = doomed.Credentials.Metadata!.Id!;
        DateTimeOffset? now = TimeProvider.System.GetStorableNow();

        var began = TimeProvider.System.GetTimestamp();
        await Server.QueryAsync(context => context.RunnerCredentials.Where(credential => credential.Id == id)
            .ExecuteUpdateAsync(set => set.SetProperty(credential => credential.RevokedAt, now), Cancelled));

        await _target.AssertCutAsync(stream, began);
        Assert.Equal(RefusalCode.Revoked, (await doomed.Link.Refused.WaitAsync(TimeSpan.FromSeconds(10), Cancelled)).Code);
        Assert.False(sister.Link.Refused.IsCompleted);
        using var kept = await _target.OpenAsync(await GetAsync(StreamingTarget.Path));
        await StreamingTarget.AssertGoesOnAsync(kept);
    }

    [Fact]
    public async Task ARunnerDeletedElsewhere_LosesItsTunnelWithinASecond()
    {
        var doomed = await ConnectAsync(_target.StreamAsync);
        using var stream = await _target.OpenAsync(await GetAsync(StreamingTarget.Path));
        var id = doomed.Credentials.Metadata!.RunnerId!;

        var began = TimeProvider.System.GetTimestamp();
        await Server.QueryAsync(async context =>
        {
            await context.Connections.Where(connection => connection.RunnerId == id)
                .ExecuteUpdateAsync(set => set.SetProperty(connection => connection.RunnerId, (string?)null), Cancelled);
            await context.ServiceAccounts.Where(account => account.RunnerId == id).ExecuteDeleteAsync(Cancelled);
            return await context.Runners.Where(runner => runner.Id == id).ExecuteDeleteAsync(Cancelled);
        });

        await _target.AssertCutAsync(stream, began);
        Assert.Equal(RefusalCode.Unknown, (await doomed.Link.Refused.WaitAsync(TimeSpan.FromSeconds(10), Cancelled)).Code);
    }
}

public sealed class RevokedElsewhereTestsOnSqlite(TunnelsOnSqlite shared) : RevokedElsewhereTests(shared), IClassFixture<TunnelsOnSqlite>;

public sealed class RevokedElsewhereTestsOnPostgreSql(TunnelsOnPostgreSql shared) : RevokedElsewhereTests(shared), IClassFixture<TunnelsOnPostgreSql>;
