using Planton.Api.Errors;
using Planton.Server.Authorization;

namespace Planton.Server.Tests.Authorization;

public sealed class PolicyTests
{
    private static readonly Permission[] ForReaders =
    [
        Permission.ReadOrganization, Permission.ReadRunner, Permission.ReadConnection, Permission.ReadEnvironment, Permission.ReadSecret,
        Permission.ReadVariable,
    ];

    private static readonly Permission[] ForRunners = [.. ForReaders, Permission.RevealSecret];
    private static readonly Permission[] ForViewers = [.. ForReaders, Permission.ReadMember, Permission.ReadServiceAccount];
    private static readonly Permission[] ForMembers = [.. ForViewers, Permission.TestConnection, Permission.UseConnection, Permission.RevealSecret];

    private static readonly Permission[] ForAdmins =
    [
        .. ForMembers, Permission.RegisterRunner, Permission.DeleteRunner, Permission.ReadRunnerCredentials,
        Permission.GenerateRunnerCredentials, Permission.RevokeRunnerCredentials, Permission.CreateConnection, Permission.DeleteConnection,
        Permission.UpdateConnection, Permission.ManageEnvironment, Permission.WriteSecret, Permission.WriteVariable, Permission.ReadAudit,
        Permission.SetDefaultRunner, Permission.ManageMember, Permission.ManageServiceAccount,
    ];

    private static readonly Permission[] ForOwners = [.. ForAdmins, Permission.DeleteOrganization];

    public static MatrixTheoryData<string, string> Everything =>
        new(["viewer", "member", "admin", "owner", "unheard-of"], Enum.GetNames<Permission>());

    [Theory]
    [MemberData(nameof(Everything))]
    public void EachRoleMayDoItsOwnAndNothingElse(string role, string permissionName)
    {
        var expected = role switch
        {
            "viewer" => ForViewers,
            "member" => ForMembers,
            "admin" => ForAdmins,
            "owner" => ForOwners,
            _ => [],
        };
        var permission = Enum.Parse<Permission>(permissionName);
        Assert.Equal(expected.Contains(permission), Authorizer.Check(Caller(role), "org", permission) is null);
    }

    [Fact]
    public void ANonMemberLearnsNothing()
    {
        foreach (var permission in Enum.GetValues<Permission>())
            Assert.Equal(ErrorCode.OrganizationNotFound, Authorizer.Check(Caller("owner"), "another", permission)!.Code);
    }

    [Fact]
    public void BeingPlatformOperatorOpensNoOrganization() => Assert.Equal(
        ErrorCode.OrganizationNotFound,
        Authorizer.Check(Caller("owner") with { PlatformOperator = true }, "another", Permission.ReadOrganization)!.Code);

    [Fact]
    public void AtPlatformLevel_EachKindOfCallerMayDoItsOwnAndNothingElse()
    {
        var user = Caller("owner");
        var account = user with { Kind = CallerKind.ServiceAccount };
        AssertMay(account with { RunnerId = "runner" }, Permission.ReadPlatformRunner);
        AssertMay(account, Permission.ReadPlatformRunner, Permission.ManageOwnKeys);
        AssertMay(user, Permission.ReadPlatformRunner, Permission.ManageOwnKeys, Permission.CreateOrganization);
        AssertMay(
            user with { PlatformOperator = true },
            Permission.ReadPlatformRunner, Permission.ManageOwnKeys, Permission.CreateOrganization,
            Permission.ManagePlatformRunner, Permission.ReadPlatformAudit, Permission.ManageUser);
        Assert.Contains("platform operator", Authorizer.Check(user, null, Permission.ManageUser)!.Hint, StringComparison.Ordinal);

        static void AssertMay(CallerIdentity caller, params Permission[] permissions) => Assert.Equal(
            permissions.Order(), Enum.GetValues<Permission>().Where(permission => Authorizer.Check(caller, null, permission) is null).Order());
    }

    [Theory]
    [InlineData("viewer", "")]
    [InlineData("member", "viewer")]
    [InlineData("admin", "viewer member")]
    [InlineData("owner", "viewer member admin")]
    public void ARoleIsAboveTheLesserOnes(string role, string lesser)
    {
        foreach (var other in new[] { "viewer", "member", "admin", "owner" })
            Assert.Equal(lesser.Split(' ').Contains(other), PolicyTable.IsAbove(role, other));
        Assert.True(PolicyTable.IsRole(role));
        Assert.False(PolicyTable.IsRole(role.ToUpperInvariant()));
    }

    [Theory]
    [InlineData("owner")]
    [InlineData("admin")]
    [InlineData("member")]
    [InlineData("viewer")]
    public void ARunnerIsAViewerThatReadsSecretsWhateverRoleItWasGiven(string role)
    {
        var runner = Caller(role) with { Kind = CallerKind.ServiceAccount, RunnerId = "runner" };
        foreach (var permission in Enum.GetValues<Permission>())
            Assert.Equal(ForRunners.Contains(permission), Authorizer.Check(runner, "org", permission) is null);
        Assert.NotNull(Authorizer.Check(runner, null, Permission.CreateOrganization));
        Assert.NotNull(Authorizer.Check(runner, null, Permission.ManagePlatformRunner));
    }

    [Fact]
    public void ARefusalNamesTheLeastRoleThatWouldDo()
    {
        Assert.Contains("role admin", Authorizer.Check(Caller("viewer"), "org", Permission.RegisterRunner)!.Hint, StringComparison.Ordinal);
        Assert.Contains("role member", Authorizer.Check(Caller("viewer"), "org", Permission.UseConnection)!.Hint, StringComparison.Ordinal);
        Assert.Contains("role owner", Authorizer.Check(Caller("admin"), "org", Permission.DeleteOrganization)!.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryPermissionIsDescribedInWords()
    {
        foreach (var permission in Enum.GetValues<Permission>())
        {
            if (Authorizer.Check(Caller("none"), "org", permission) is { } error)
                Assert.DoesNotContain(permission.ToString(), error.Detail, StringComparison.Ordinal);
        }
    }

    private static CallerIdentity Caller(string role) => new()
    {
        Kind = CallerKind.User, Id = "1", Name = "kim", ApiKeyId = "key", Memberships = [new CallerMembership("org", "acme", role)],
    };
}
