using Planton.Api.Errors;
using Planton.Server.Authorization;

namespace Planton.Server.Tests.Authorization;

/// <summary>
/// What holds of all permissions alike. Which role has which is in <see cref="EndpointRows"/>, and is tried over HTTP by
/// <see cref="EndpointMatrixTests"/>.
/// </summary>
public sealed class PolicyTests
{
    private static readonly string[] Roles = ["viewer", "member", "admin", "owner"];

    [Theory]
    [InlineData("unheard-of")]
    [InlineData("Owner")]
    [InlineData("")]
    public void ARoleThatIsNotDefinedAllowsNothing(string role)
    {
        Assert.False(PolicyTable.IsRole(role));
        Assert.All(Enum.GetValues<Permission>(), permission => Assert.Equal(ErrorCode.PermissionDenied, Authorizer.Check(Caller(role), "org", permission)?.Code));
    }

    [Fact]
    public void ANonMemberLearnsNothing() => Assert.All(
        Enum.GetValues<Permission>(),
        permission => Assert.Equal(ErrorCode.OrganizationNotFound, Authorizer.Check(Caller("owner"), "another", permission)?.Code));

    [Fact]
    public void ThePlatformOperatorHasNoRoleInAnyOrganization() => Assert.All(
        Enum.GetValues<Permission>(),
        permission => Assert.Equal(
            ErrorCode.OrganizationNotFound, Authorizer.Check(Caller("owner") with { PlatformOperator = true }, "another", permission)?.Code));

    [Fact]
    public void ARoleIsAboveTheLesserOnes()
    {
        for (var rank = 0; rank < Roles.Length; rank++)
        {
            Assert.True(PolicyTable.IsRole(Roles[rank]));
            Assert.Equal(Roles[..rank], Roles.Where(other => PolicyTable.IsAbove(Roles[rank], other)));
        }
    }

    // The matrix calls with a runner of the role that runners have; no other role may give one more.
    [Fact]
    public void ARunnerMayDoTheSameWhateverRoleItWasGiven()
    {
        foreach (var permission in Enum.GetValues<Permission>())
        {
            var allowed = Roles.Select(role => Authorizer.Check(Caller(role) with { Kind = CallerKind.ServiceAccount, RunnerId = "runner" }, "org", permission) is null);
            Assert.Single(allowed.Distinct());
        }
    }

    [Fact]
    public void ARefusalNamesTheLeastRoleThatIsEnough()
    {
        Assert.Contains("role admin", Authorizer.Check(Caller("viewer"), "org", Permission.RegisterRunner)!.Hint, StringComparison.Ordinal);
        Assert.Contains("role member", Authorizer.Check(Caller("viewer"), "org", Permission.UseConnection)!.Hint, StringComparison.Ordinal);
        Assert.Contains("role owner", Authorizer.Check(Caller("admin"), "org", Permission.DeleteOrganization)!.Hint, StringComparison.Ordinal);
        Assert.Contains("platform operator", Authorizer.Check(Caller("owner"), null, Permission.ManageUser)!.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void InAFrozenOrganization_EveryRoleIsLeftWithReadingAndLeaving()
    {
        Permission[] left =
        [
            Permission.ReadOrganization, Permission.ReadRunner, Permission.ReadConnection, Permission.ReadEnvironment, Permission.ReadSecret,
            Permission.ReadVariable, Permission.ReadMember, Permission.ReadServiceAccount, Permission.ReadRunnerCredentials, Permission.ReadAudit,
            Permission.LeaveOrganization,
        ];
        foreach (var permission in Enum.GetValues<Permission>().Where(permission => Authorizer.Check(Caller("owner"), "org", permission) is null))
        {
            var error = Authorizer.Check(Caller("owner", frozen: true), "org", permission);
            Assert.Equal(left.Contains(permission) ? null : ErrorCode.PermissionDenied, error?.Code);
            if (error is not null)
                Assert.Contains("is frozen", error.Detail, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void EveryPermissionIsDescribedInWords() => Assert.All(
        Enum.GetValues<Permission>(),
        permission => Assert.DoesNotContain(permission.ToString(), Authorizer.Check(Caller("none"), "org", permission)!.Detail, StringComparison.Ordinal));

    private static CallerIdentity Caller(string role, bool frozen = false) => new()
    {
        Kind = CallerKind.User, Id = "1", Name = "kim", ApiKeyId = "key", Memberships = [new CallerMembership("org", "acme", role) { Frozen = frozen }],
    };
}
