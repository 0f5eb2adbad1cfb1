using Microsoft.EntityFrameworkCore;
using Planton.Api.Client;
using Planton.Api.Errors;
using Planton.Server.Authorization;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Users;

/// <summary>Who the operators of the whole platform are: on a server of the test's own.</summary>
public abstract class LastOperatorTests(DatabaseKind database)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TheLastOperatorAndAnOrganizationsLastOwnerStay()
    {
        await using var server = await ServerFixture.StartAsync(database: database);
        var problem = await Expect.ProblemAsync(ErrorCode.Conflict, () => server.Admin.DeleteUserAsync("admin", Cancellation));
        Assert.Contains("last platform operator", problem.Detail, StringComparison.Ordinal);
        var kim = server.Client((await server.Admin.CreateUserAsync("kim", cancellationToken: Cancellation)).Key);
        await kim.CreateOrganizationAsync("acme", Cancellation);
        problem = await Expect.ProblemAsync(ErrorCode.Conflict, () => server.Admin.DeleteUserAsync("kim", Cancellation));
        Assert.Contains("acme would have no owner", problem.Detail, StringComparison.Ordinal);
        await server.Admin.CreateUserAsync("lee", cancellationToken: Cancellation);
        await kim.SetMemberAsync("acme", "lee", RoleName.Owner, Cancellation);
        await server.Admin.DeleteUserAsync("kim", Cancellation);
    }

    [Fact]
    public async Task TheLastOperatorWhoCanAct_IsNeitherSuspendedNorLosesTheirKeys()
    {
        await using var server = await ServerFixture.StartAsync(database: database);
        await RefusedAsync();
        // One without a valid key cannot act, nor can one who is suspended.
        var root = (await server.Admin.CreateUserAsync("root", platformOperator: true, Cancellation)).Key;
        await server.Admin.RevokeUserKeysAsync("root", Cancellation);
        await RefusedAsync();
        await server.Admin.DeleteUserAsync("root", Cancellation);
        root = (await server.Admin.CreateUserAsync("root", platformOperator: true, Cancellation)).Key;
        await server.Admin.SuspendUserAsync("root", Cancellation);
        await RefusedAsync();
        await server.Admin.ResumeUserAsync("root", Cancellation);

        // With another one, both are possible, also for oneself.
        await server.Admin.SuspendUserAsync("admin", Cancellation);
        await server.Client(root).ResumeUserAsync("admin", Cancellation);
        await server.Admin.RevokeUserKeysAsync("admin", Cancellation);
        await Expect.ProblemAsync(ErrorCode.Unauthenticated, () => server.Admin.GetCallerAsync(Cancellation));

        async Task RefusedAsync()
        {
            foreach (var call in new Func<Task>[]
            {
                () => server.Admin.SuspendUserAsync("admin", Cancellation), () => server.Admin.RevokeUserKeysAsync("admin", Cancellation),
                () => server.Admin.DeleteUserAsync("admin", Cancellation),
            })
            {
                var problem = await Expect.ProblemAsync(ErrorCode.Conflict, call);
                Assert.Contains("last platform operator", problem.Detail, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task OfOperatorsWhoSuspendEachOtherAtOnce_OneStays()
    {
        await using var server = await ServerFixture.StartAsync(database: database);
        for (var round = 0; round < 8; round++)
        {
            var name = $"root{round}";
            var root = server.Client((await server.Admin.CreateUserAsync(name, platformOperator: true, Cancellation)).Key);
            await root.GetCallerAsync(Cancellation);

            var codes = await Task.WhenAll(
                Attempt.CodeOfAsync(() => server.Admin.SuspendUserAsync(name, Cancellation)), Attempt.CodeOfAsync(() => root.SuspendUserAsync("admin", Cancellation)));

            Assert.Single(codes, code => code is null);
            if (codes[1] is null)
                await root.ResumeUserAsync("admin", Cancellation);
            await server.Admin.DeleteUserAsync(name, Cancellation);
        }
    }

    [Fact]
    public async Task OfOperatorsWhoDeleteEachOtherAtOnce_OneStays()
    {
        await using var server = await ServerFixture.StartAsync(database: database);
        for (var round = 0; round < 8; round++)
        {
            var names = new[] { $"one{round}", $"two{round}" };
            var clients = new List<PlantonApiClient>();
            foreach (var name in names)
                clients.Add(server.Client((await server.Admin.CreateUserAsync(name, platformOperator: true, Cancellation)).Key));
            foreach (var client in clients)
                await client.GetCallerAsync(Cancellation);
            // The first user is out of the way, so that these two are the last.
            await server.QueryAsync(context => context.Users.Where(user => user.Name == "admin")
                .ExecuteUpdateAsync(set => set.SetProperty(user => user.PlatformOperator, false), Cancellation));

            var codes = await Task.WhenAll(Attempt.CodeOfAsync(() => clients[0].DeleteUserAsync(names[1], Cancellation)), Attempt.CodeOfAsync(() => clients[1].DeleteUserAsync(names[0], Cancellation)));

            Assert.Single(codes, code => code is null);
            Assert.Equal(1, await server.QueryAsync(context => context.Users.CountAsync(user => user.PlatformOperator, Cancellation)));
            await server.QueryAsync(context => context.Users.Where(user => user.Name == "admin")
                .ExecuteUpdateAsync(set => set.SetProperty(user => user.PlatformOperator, true), Cancellation));
            await Eventually.BecomesTrueAsync(
                async () => (await server.Admin.GetCallerAsync(Cancellation)).PlatformOperator,
                "the first user is operator again", cancellationToken: Cancellation);
            await server.Admin.DeleteUserAsync(codes[0] is null ? names[0] : names[1], Cancellation);
        }
    }
}

public sealed class LastOperatorTestsOnSqlite() : LastOperatorTests(DatabaseKind.Sqlite);

public sealed class LastOperatorTestsOnPostgreSql() : LastOperatorTests(DatabaseKind.PostgreSql);
