using Microsoft.EntityFrameworkCore;
using Planton.Api.Errors;
using Planton.Server.Audit;
using Planton.Server.Authorization;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Users;

public abstract class UserTests(SharedServer shared) : SharedServerTest(shared)
{
    [Fact]
    public async Task ANewUserHasAKeyAndNothingElse()
    {
        var name = UniqueName("kim");
        var made = await Admin.CreateUserAsync(name, cancellationToken: Cancellation);
        var kim = Server.Client(made.Key);
        var caller = await kim.GetCallerAsync(Cancellation);
        Assert.Equal((made.User.Id, name, false, made.ApiKey.Id), (caller.Id, caller.Name, caller.PlatformOperator, caller.ApiKeyId));
        Assert.Empty(caller.Organizations);
        Assert.Equal(made.ApiKey.Id, Assert.Single((await kim.ListApiKeysAsync(Cancellation)).Items).Id);
        await Expect.ProblemAsync(ErrorCode.PermissionDenied, () => kim.ListUsersAsync(Cancellation));
        var root = await Admin.CreateUserAsync(UniqueName("root"), platformOperator: true, Cancellation);
        var users = (await Server.Client(root.Key).ListUsersAsync(Cancellation)).Items;
        Assert.Equal([made.User with { PlatformOperator = false }, root.User with { PlatformOperator = true }], users.Where(user => user.Name == name || user.Name == root.User.Name));
    }

    [Fact]
    public async Task ANameIsASlug_AndTakenOnce()
    {
        var (kim, lee) = (UniqueName("kim"), UniqueName("lee"));
        await Admin.CreateUserAsync(kim, cancellationToken: Cancellation);
        await Expect.ProblemAsync(ErrorCode.AlreadyExists, () => Admin.CreateUserAsync(kim, cancellationToken: Cancellation));
        var problem = await Expect.ProblemAsync(ErrorCode.InvalidArgument, () => Admin.CreateUserAsync("Kim Lee", cancellationToken: Cancellation));
        Assert.True(problem.Errors!.ContainsKey("name"));
        var taken = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Attempt.CodeOfAsync(() => Admin.CreateUserAsync(lee, cancellationToken: Cancellation))));
        Assert.Equal(9, taken.Count(code => code == ErrorCode.AlreadyExists));
    }

    [Fact]
    public async Task ADeletedUsersKeysAndMembershipsAreGoneAtOnce_AndTheNameIsFree()
    {
        var name = UniqueName("josephine");
        var made = await Admin.CreateUserAsync(name, cancellationToken: Cancellation);
        await Admin.SetMemberAsync(Org, name, RoleName.Admin, Cancellation);
        var kim = Server.Client(made.Key);
        await kim.GetCallerAsync(Cancellation);

        await Admin.DeleteUserAsync(name, Cancellation);

        await Expect.ProblemAsync(ErrorCode.Unauthenticated, () => kim.GetCallerAsync(Cancellation));
        Assert.DoesNotContain((await Admin.ListMembersAsync(Org, Cancellation)).Items, member => member.User == name);
        Assert.False(await Server.QueryAsync(context => context.ApiKeys.AnyAsync(key => key.Id == made.ApiKey.Id, Cancellation)));
        var again = await Admin.CreateUserAsync(name, cancellationToken: Cancellation);
        Assert.NotEqual(made.User.Id, again.User.Id);
        Assert.Empty((await Server.Client(again.Key).GetCallerAsync(Cancellation)).Organizations);
        var missing = await Expect.ProblemAsync(ErrorCode.NotFound, () => Admin.DeleteUserAsync(name.Replace("josephine", "josefine", StringComparison.Ordinal), Cancellation));
        Assert.Contains($"Did you mean {name}?", missing.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AUserWhoWasJustDeletedLeavesNoUserOrKeyBehind()
    {
        for (var round = 0; round < 8; round++)
        {
            var name = UniqueName("root");
            var root = await Admin.CreateUserAsync(name, platformOperator: true, Cancellation);
            var client = Server.Client(root.Key);
            await client.GetCallerAsync(Cancellation);
            var deletion = Admin.DeleteUserAsync(name, Cancellation);
            await Task.WhenAll(Enumerable.Range(0, 4).SelectMany(number => new[]
            {
                Attempt.CodeOfAsync(() => client.CreateUserAsync($"{name}-{number}", true, Cancellation)),
                Attempt.CodeOfAsync(() => client.CreateApiKeyAsync(cancellationToken: Cancellation)),
            }));
            await deletion;
            var deleted = await Server.QueryAsync(context => context.AuditRecords
                .Where(record => record.Action == AuditAction.DeleteUser && record.Resource == $"user/{name}").MaxAsync(record => record.Sequence, Cancellation));
            Assert.False(await Server.QueryAsync(context => context.AuditRecords.AnyAsync(
                record => record.Sequence > deleted && record.ActorName == name && record.Outcome == AuditOutcome.Allowed, Cancellation)));
        }
    }
}

public sealed class UserTestsOnSqlite(OnSqlite shared) : UserTests(shared), IClassFixture<OnSqlite>;

public sealed class UserTestsOnPostgreSql(OnPostgreSql shared) : UserTests(shared), IClassFixture<OnPostgreSql>;
