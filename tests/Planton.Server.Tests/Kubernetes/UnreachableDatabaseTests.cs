using System.Net;
using Microsoft.EntityFrameworkCore;
using Planton.Api.Errors;
using Planton.Api.Operations;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Kubernetes;

/// <summary>Operations in flight while it cannot be read whether they are still allowed: the table of members is away.</summary>
public abstract class UnreachableDatabaseTests(DatabaseKind database) : KubernetesProxyTest
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    private readonly StreamingTarget _target = new();

    [Fact]
    public async Task TheyGoOnForTheGrace_AndAreAbortedThen()
    {
        await ConnectAsync(context => context.Request.Path.Value!.EndsWith("/slow", StringComparison.Ordinal)
            ? Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted)
            : _target.StreamAsync(context));
        using var stream = await _target.OpenAsync(await GetAsync(StreamingTarget.Path));
        var pending = GetAsync("/slow");

        Server.Log.ExpectError("Microsoft.EntityFrameworkCore");
        var began = TimeProvider.System.GetTimestamp();
        await RenameAsync("memberships", "away");
        await StreamingTarget.AssertGoesOnAsync(stream);
        await StreamingTarget.EndAsync(stream, TimeSpan.FromSeconds(10));

        Assert.InRange(TimeProvider.System.GetElapsedTime(began), Grace - TimeSpan.FromSeconds(0.5), Grace + StreamingTarget.Second);
        await _target.WaitForEndAsync();
        using var response = await pending.WaitAsync(TimeSpan.FromSeconds(10), Cancelled);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(ErrorCode.Unavailable, response.Headers.GetValues(OperationHeaders.Error).Single());
        await RenameAsync("away", "memberships");
        using var again = await _target.OpenAsync(await GetAsync(StreamingTarget.Path));
        await StreamingTarget.AssertGoesOnAsync(again);
    }

    private protected override Task<ServerFixture> StartServerAsync() =>
        ServerFixture.StartAsync(options => options with { DatabaseGrace = Grace }, TunnelServer.UseTunnels, database);

    private Task<int> RenameAsync(string from, string to)
    {
        // Parts of SQL cannot be parameters.
        var rename = $"ALTER TABLE {from} RENAME TO {to}";
        return Server.QueryAsync(context => context.Database.ExecuteSqlRawAsync(rename, Cancelled));
    }
}

public sealed class UnreachableDatabaseTestsOnSqlite() : UnreachableDatabaseTests(DatabaseKind.Sqlite);

public sealed class UnreachableDatabaseTestsOnPostgreSql() : UnreachableDatabaseTests(DatabaseKind.PostgreSql);
