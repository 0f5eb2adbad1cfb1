using Planton.Server.Connections;

namespace Planton.Server.RunnerGrants;

/// <summary>What an operation needs of the grants of a platform runner, and the address ranges that they give it.</summary>
/// <param name="RunnerId">The platform runner.</param>
/// <param name="OrganizationId">The organization of the connection.</param>
/// <param name="Mode">The connection's authentication mode.</param>
/// <param name="KubeContext">The context that the connection names; null for the runner's current one.</param>
/// <param name="Ranges">For mode inline: every address range that is granted to the organization. Empty for mode runner.</param>
internal sealed record GrantedAccess(string RunnerId, string OrganizationId, string Mode, string? KubeContext, IReadOnlyList<string> Ranges)
{
    /// <summary>Null when no grant covers it. What is not granted is denied.</summary>
    public static GrantedAccess? Of(
        IEnumerable<RunnerGrantEntity> grants, string runnerId, string organizationId, string mode, string? context)
    {
        var own = grants.Where(grant => grant.RunnerId == runnerId && grant.OrganizationId == organizationId && grant.Mode == mode).ToList();
        // Where the cluster is, only the runner finds out: it is told all the ranges.
        List<string> ranges = mode == ConnectionAuthMode.Inline
            ? [.. own.SelectMany(grant => grant.AllowCidrs).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]
            : [];
        var covered = mode == ConnectionAuthMode.Inline ? ranges.Count > 0 : own.Exists(grant => Covers(grant, context));
        return covered ? new GrantedAccess(runnerId, organizationId, mode, context, ranges) : null;
    }

    /// <summary>Whether the grants still give all of it: every range too, for an operation may use any of them.</summary>
    public bool StillHolds(IEnumerable<RunnerGrantEntity> grants) =>
        Of(grants, RunnerId, OrganizationId, Mode, KubeContext) is { } now && IsWithin(now);

    /// <summary>Whether it asks for nothing that <paramref name="other"/> does not give.</summary>
    public bool IsWithin(GrantedAccess other) =>
        other with { Ranges = Ranges } == this && Ranges.All(range => other.Ranges.Contains(range, StringComparer.Ordinal));

    private static bool Covers(RunnerGrantEntity grant, string? context) =>
        context is null ? grant.KubeContexts.Count == 0 : grant.KubeContexts.Contains(context, StringComparer.Ordinal);
}
