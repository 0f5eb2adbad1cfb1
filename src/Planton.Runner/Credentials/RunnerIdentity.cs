namespace Planton.Runner.Credentials;

/// <summary>Who this runner is, as its certificate says: <c>spiffe://TRUST-DOMAIN/org/ORG-ID/runner/RUNNER-ID</c>.</summary>
/// <param name="TrustDomain">The control plane that issued it.</param>
/// <param name="OrganizationId">Null for a platform runner.</param>
/// <param name="RunnerId">The runner's id.</param>
internal sealed record RunnerIdentity(string TrustDomain, string? OrganizationId, string RunnerId)
{
    private const string Scheme = "spiffe://";

    public bool IsPlatform => OrganizationId is null;

    /// <summary>Reads a SPIFFE id; null when it is not a runner's.</summary>
    public static RunnerIdentity? Parse(string uri)
    {
        if (!uri.StartsWith(Scheme, StringComparison.Ordinal))
            return null;
        return uri[Scheme.Length..].Split('/') switch
        {
            [var domain, "org", var organization, "runner", var runner] when AllSet(domain, organization, runner)
                => new RunnerIdentity(domain, organization, runner),
            [var domain, "platform", "runner", var runner] when AllSet(domain, runner)
                => new RunnerIdentity(domain, null, runner),
            _ => null,
        };
    }

    public override string ToString() => OrganizationId is null
        ? $"{Scheme}{TrustDomain}/platform/runner/{RunnerId}"
        : $"{Scheme}{TrustDomain}/org/{OrganizationId}/runner/{RunnerId}";

    private static bool AllSet(params ReadOnlySpan<string> parts)
    {
        foreach (var part in parts)
        {
            if (part.Length == 0)
                return false;
        }

        return true;
    }
}
