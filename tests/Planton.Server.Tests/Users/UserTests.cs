using Microsoft.EntityFrameworkCore;
using Planton.Api.Client;
using Planton.Api.Errors;
using Planton.Server.Audit;
using Planton.Server.Authorization;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Users;

public sealed class UserTests : IAsyncLifetime
{
    private ServerFixture _server = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await ServerFixture.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task ANewUserHasAKeyAndNothingElse()
    {
        var made = await _server.Admin.CreateUserAsync("kim", cancellationToken: Cancellation);
        var kim = _server.Client(made.Key);
        var caller = await kim.GetCallerAsync(Cancellation);
        Assert.Equal((made.User.Id, "kim", false, made.ApiKey.Id), (caller.Id, caller.Name, caller.PlatformOperator, caller.ApiKeyId));
        Assert.Empty(caller.Organizations);
        Assert.Equal(made.ApiKey.Id, Assert.Single((await kim.ListApiKeysAsync(Cancellation)).Items).Id);
        await Expect.ProblemAsync(ErrorCode.PermissionDenied, () => kim.ListUsersAsync(Cancellation));
        var root = await _server.Admin.CreateUserAsync("root", platformOperator: true, Cancellation);
        Assert.Equal([false, true], (await _server.Client(root.Key).ListUsersAsync(Cancellation)).Items.Where(user => user.Name != "admin").Select(user => user.PlatformOperator));
    }

    [Fact]
    public async Task ANameIsASlug_AndTakenOnce()
    {
        await _server.Admin.CreateUserAsync("kim", cancellationToken: Cancellation);
        await Expect.ProblemAsync(ErrorCode.AlreadyExists, () => _server.Admin.CreateUserAsync("kim", cancellationToken: Cancellation));
        var problem = await Expect.ProblemAsync(ErrorCode.InvalidArgument, () => _server.Admin.CreateUserAsync("Kim Lee", cancellationToken: Cancellation));
        Assert.True(problem.Errors!.ContainsKey("name"));
        var taken = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => CodeOfAsync(() => _server.Admin.CreateUserAsync("lee", cancellationToken: Cancellation))));
        Assert.Equal(9, taken.Count(code => code == ErrorCode.AlreadyExists));
    }

    [Fact]
    public async Task ADeletedUsersKeysAndMembershipsAreGoneAtOnce_AndSoIsTheName()
    {
        var made = await _server.Admin.CreateUserAsync("kim", cancellationToken: Cancellation);
        await _server.Admin.SetMemberAsync("default", "kim", RoleName.Admin, Cancellation);
        var kim = _server.Client(made.Key);
        await kim.GetCallerAsync(Cancellation);

        await _server.Admin.DeleteUserAsync("kim", Cancellation);

        await Expect.ProblemAsync(ErrorCode.Unauthenticated, () => kim.GetCallerAsync(Cancellation));
        Assert.DoesNotContain((await _server.Admin.ListMembersAsync("default", Cancellation)).Items, member => member.User == "kim");
        Assert.False(await _server.QueryAsync(context => context.ApiKeys.AnyAsync(key => key.Id == made.ApiKey.Id, Cancellation)));
        var again = await _server.Admin.CreateUserAsync("kim", cancellationToken: Cancellation);
        Assert.NotEqual(made.User.Id, again.User.Id);
        Assert.Empty((await _server.Client(again.Key).GetCallerAsync(Cancellation)).Organizations);
        var missing = await Expect.ProblemAsync(ErrorCode.NotFound, () => _server.Admin.DeleteUserAsync("kin", Cancellation));
        Assert.Contains("Did you mean kim?", missing.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheLastOperatorAndAnOrganizationsLastOwnerStay()
    {
        var problem = await Expect.ProblemAsync(ErrorCode.Conflict, () => _server.Admin.DeleteUserAsync("admin", Cancellation));
        Assert.Contains("last platform operator", problem.Detail, StringComparison.Ordinal);
        var kim = _server.Client((await _server.Admin.CreateUserAsync("kim", cancellationToken: Cancellation)).Key);
        await kim.CreateOrganizationAsync("acme", Cancellation);
        problem = await Expect.ProblemAsync(ErrorCode.Conflict, () => _server.Admin.DeleteUserAsync("kim", Cancellation));
        Assert.Contains("acme would have no owner", problem.Detail, StringComparison.Ordinal);
        await _server.Admin.CreateUserAsync("lee", cancellationToken: Cancellation);
        await kim.SetMemberAsync("acme", "lee", RoleName.Owner, Cancellation);
        await _server.Admin.DeleteUserAsync("kim", Cancellation);
    }

    [Fact]
    public async Task OfOperatorsWhoDeleteEachOtherAtOnce_OneStays()
    {
        for (var round = 0; round < 8; round++)
        {
            var names = new[] { $"one{round}", $"two{round}" };
            var clients = new List<PlantonApiClient>();
            foreach (var name in names)
                clients.Add(_server.Client((await _server.Admin.CreateUserAsync(name, platformOperator: true, Cancellation)).Key));
            foreach (var client in clients)
                await client.GetCallerAsync(Cancellation);
            // The first user is out of the way, so that these two are the last.
            await _server.QueryAsync(context => context.Users.Where(user => user.Name == "admin")
                .ExecuteUpdateAsync(set => set.SetProperty(user => user.PlatformOperator, false), Cancellation));

            var codes = await Task.WhenAll(CodeOfAsync(() => clients[0].DeleteUserAsync(names[1], Cancellation)), CodeOfAsync(() => clients[1].DeleteUserAsync(names[0], Cancellation)));

            Assert.Single(codes, code => code is null);
            Assert.Equal(1, await _server.QueryAsync(context => context.Users.CountAsync(user => user.PlatformOperator, Cancellation)));
            await _server.QueryAsync(context => context.Users.Where(user => user.Name == "admin")
                .ExecuteUpdateAsync(set => set.SetProperty(user => user.PlatformOperator, true), Cancellation));
            await Expect.EventuallyAsync("the first user is operator again", async () => (await _server.Admin.GetCallerAsync(Cancellation)).PlatformOperator);
            await _server.Admin.DeleteUserAsync(codes[0] is null ? names[0] : names[1], Cancellation);
        }
    }

    [Fact]
    public async Task WhoWasJustDeletedLeavesNoUserOrKeyBehind()
    {
        for (var round = 0; round < 8; round++)
        {
            var root = await _server.Admin.CreateUserAsync($"root{round}", platformOperator: true, Cancellation);
            var client = _server.Client(root.Key);
            await client.GetCallerAsync(Cancellation);
            var deletion = _server.Admin.DeleteUserAsync($"root{round}", Cancellation);
            await Task.WhenAll(Enumerable.Range(0, 4).SelectMany(number => new[]
            {
                CodeOfAsync(() => client.CreateUserAsync($"left{round}-{number}", true, Cancellation)),
                CodeOfAsync(() => client.CreateApiKeyAsync(cancellationToken: Cancellation)),
            }));
            await deletion;
            var deleted = await _server.QueryAsync(context => context.AuditRecords
                .Where(record => record.Action == AuditAction.DeleteUser).MaxAsync(record => record.Sequence, Cancellation));
            Assert.False(await _server.QueryAsync(context => context.AuditRecords.AnyAsync(
                record => record.Sequence > deleted && record.ActorName == $"root{round}" && record.Outcome == AuditOutcome.Allowed, Cancellation)));
        }
    }

    private static async Task<string?> CodeOfAsync(Func<Task> call)
    {
        try
        {
            await call();
            return null;
        }
        catch (ApiException exception)
        {
            return exception.Problem.Code;
        }
    }
}
