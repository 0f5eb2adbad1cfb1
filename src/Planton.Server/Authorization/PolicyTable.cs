using System.Collections.Frozen;

namespace Planton.Server.Authorization;

/// <summary>Which role may do what in its own organization. What is not listed is denied.</summary>
internal static class PolicyTable
{
    private static readonly Permission[] Viewer =
    [
        Permission.ReadOrganization,
        Permission.ReadRunner,
        Permission.ReadConnection,
        Permission.ReadEnvironment,
        Permission.ReadSecret,
        Permission.ReadVariable,
    ];

    // A viewer that resolves what its organization keeps for it, and no more.
    private static readonly FrozenSet<Permission> Runner = Viewer.Append(Permission.RevealSecret).ToFrozenSet();

    private static readonly Permission[] Member = [.. Viewer, Permission.TestConnection, Permission.UseConnection, Permission.RevealSecret];

    private static readonly Permission[] Admin =
    [
        .. Member,
        Permission.RegisterRunner,
        Permission.DeleteRunner,
        Permission.ReadRunnerCredentials,
        Permission.GenerateRunnerCredentials,
        Permission.RevokeRunnerCredentials,
        Permission.CreateConnection,
        Permission.DeleteConnection,
        Permission.UpdateConnection,
        Permission.ManageEnvironment,
        Permission.WriteSecret,
        Permission.WriteVariable,
        Permission.ReadAudit,
    ];

    private static readonly Permission[] Owner = [.. Admin, Permission.DeleteOrganization];

    private static readonly FrozenDictionary<string, FrozenSet<Permission>> ByRole = new Dictionary<string, FrozenSet<Permission>>
    {
        [RoleName.Viewer] = Viewer.ToFrozenSet(),
        [RoleName.Member] = Member.ToFrozenSet(),
        [RoleName.Admin] = Admin.ToFrozenSet(),
        [RoleName.Owner] = Owner.ToFrozenSet(),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    // From the least to the most, so that a refusal can name the least that would do.
    private static readonly string[] RolesByRank = [RoleName.Viewer, RoleName.Member, RoleName.Admin, RoleName.Owner];

    public static bool Allows(string role, Permission permission) =>
        ByRole.TryGetValue(role, out var permissions) && permissions.Contains(permission);

    /// <summary>What a runner's own service account may do in its organization, whatever role it was given.</summary>
    public static bool AllowsRunner(Permission permission) => Runner.Contains(permission);

    /// <summary>The least role that has <paramref name="permission"/>; null when no role of an organization does.</summary>
    public static string? LeastRole(Permission permission) => RolesByRank.FirstOrDefault(role => Allows(role, permission));
}
