namespace Planton.Server.Credentials;

/// <summary>The identity in a runner's certificate.</summary>
internal static class RunnerIdentity
{
    public static string SpiffeId(string trustDomain, string? organizationId, string runnerId) => organizationId is null
        ? $"spiffe://{trustDomain}/platform/runner/{runnerId}"
        : $"spiffe://{trustDomain}/org/{organizationId}/runner/{runnerId}";
}
