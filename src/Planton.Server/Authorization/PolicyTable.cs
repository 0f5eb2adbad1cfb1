using System.Collections.Frozen;

namespace Planton.Server.Authorization;

/// <summary>Which role may do what in its own organization, and who what outside of any. What is not listed is denied.</summary>
internal static class PolicyTable
{
    private static readonly Permission[] Reader =
    [
        Permission.ReadOrganization,
        Permission.ReadRunner,
        Permission.ReadConnection,
        Permission.ReadEnvironment,
        Permission.ReadSecret,
        Permission.ReadVariable,
    ];

    // It resolves what its organization keeps for it; who else is in the organization is none of its business.
    private static readonly FrozenSet<Permission> Runner = Reader.Append(Permission.RevealSecret).ToFrozenSet();

    private static readonly Permission[] Viewer = [.. Reader, Permission.ReadMember, Permission.ReadServiceAccount];

    private static readonly Permission[] Member = [.. Viewer, Permission.TestConnection, Permission.UseConnection, Permission.RevealSecret];

    private static readonly Permission[] Admin =
    [
        .. Member,
        Permission.RegisterRunner,
        Permission.DeleteRunner,
        Permission.ReadRunnerCredentials,
        Permission.GenerateRunnerCredentials,
        Permission.RevokeRunnerCredentials,
        Permission.SetDefaultRunner,
        Permission.CreateConnection,
        Permission.DeleteConnection,
        Permission.UpdateConnection,
        Permission.ManageEnvironment,
        Permission.WriteSecret,
        Permission.WriteVariable,
        Permission.ReadAudit,
        Permission.ManageMember,
        Permission.ManageServiceAccount,
    ];

    private static readonly Permission[] Owner = [.. Admin, Permission.DeleteOrganization];

    private static readonly FrozenDictionary<string, FrozenSet<Permission>> ByRole = new Dictionary<string, FrozenSet<Permission>>
    {
        [RoleName.Viewer] = Viewer.ToFrozenSet(),
        [RoleName.Member] = Member.ToFrozenSet(),
        [RoleName.Admin] = Admin.ToFrozenSet(),
        [RoleName.Owner] = Owner.ToFrozenSet(),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenSet<Permission> Anyone = new[] { Permission.ReadPlatformRunner }.ToFrozenSet();

    private static readonly FrozenSet<Permission> AnyoneButRunners = Anyone.Append(Permission.ManageOwnKeys).ToFrozenSet();

    private static readonly FrozenSet<Permission> User = AnyoneButRunners.Append(Permission.CreateOrganization).ToFrozenSet();

    private static readonly FrozenSet<Permission> Operator = User
        .Concat([Permission.ManagePlatformRunner, Permission.ReadPlatformAudit, Permission.ManageUser, Permission.ReadMetrics]).ToFrozenSet();

    // From the least to the most, so that a refusal can name the least that would do.
    private static readonly string[] RolesByRank = [RoleName.Viewer, RoleName.Member, RoleName.Admin, RoleName.Owner];

    public static bool Allows(string role, Permission permission) =>
        ByRole.TryGetValue(role, out var permissions) && permissions.Contains(permission);

    /// <summary>What a runner's own service account may do in its organization, whatever role it was given.</summary>
    public static bool AllowsRunner(Permission permission) => Runner.Contains(permission);

    /// <summary>What a caller may do outside of any organization.</summary>
    public static bool AllowsOnPlatform(CallerIdentity caller, Permission permission) => OnPlatform(caller).Contains(permission);

    /// <summary>Whether it takes the platform operator.</summary>
    public static bool NeedsOperator(Permission permission) => Operator.Contains(permission) && !User.Contains(permission);

    public static bool IsRole(string? role) => role is not null && ByRole.ContainsKey(role);

    /// <summary>Whether <paramref name="role"/> is more than <paramref name="own"/>: nobody gives, takes or uses more than they have.</summary>
    public static bool IsAbove(string role, string own) => Array.IndexOf(RolesByRank, role) > Array.IndexOf(RolesByRank, own);

    /// <summary>The least role that has <paramref name="permission"/>; null when no role of an organization does.</summary>
    public static string? LeastRole(Permission permission) => RolesByRank.FirstOrDefault(role => Allows(role, permission));

    private static FrozenSet<Permission> OnPlatform(CallerIdentity caller) => caller switch
    {
        { RunnerId: not null } => Anyone,
        { Kind: not CallerKind.User } => AnyoneButRunners,
        { PlatformOperator: true } => Operator,
        _ => User,
    };
}
