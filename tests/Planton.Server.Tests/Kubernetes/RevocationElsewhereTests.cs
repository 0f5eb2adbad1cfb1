using Microsoft.EntityFrameworkCore;
using Planton.Server.Storage;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Kubernetes;

/// <summary>What another server on the same database revoked, which this one only sees there.</summary>
public abstract class RevocationElsewhereTests(TunnelServer shared) : KubernetesProxyTest(shared)
{
    [Fact]
    public async Task AKeyRevokedByAnotherServer_EndsItsStreamWithinASecond()
    {
        var target = new StreamingTarget();
        await ConnectAsync(target.StreamAsync);
        var key = await Server.AddUserAsync(UniqueName("kim"), OrgId);
        using var stream = await target.OpenAsync(await GetAsync(StreamingTarget.Path, key));
        var id = key[4..16];
        DateTimeOffset? now = TimeProvider.System.GetStorableNow();

        var began = TimeProvider.System.GetTimestamp();
        await Server.QueryAsync(context => context.ApiKeys.Where(stored => stored.Id == id)
            .ExecuteUpdateAsync(set => set.SetProperty(stored => stored.RevokedAt, now), Cancelled));

        await target.AssertCutAsync(stream, began);
    }
}

public sealed class RevocationElsewhereTestsOnSqlite(TunnelsOnSqlite shared) : RevocationElsewhereTests(shared), IClassFixture<TunnelsOnSqlite>;

public sealed class RevocationElsewhereTestsOnPostgreSql(TunnelsOnPostgreSql shared) : RevocationElsewhereTests(shared), IClassFixture<TunnelsOnPostgreSql>;
