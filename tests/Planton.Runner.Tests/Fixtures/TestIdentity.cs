using Planton.Tunnel.Identity;

namespace Planton.Runner.Tests.Fixtures;

internal static class TestIdentity
{
    public const string Domain = "planton.test";
    public const string Org = "org-1";
    public const string Runner = "runner-1";

    public static RunnerIdentity OfOrganization { get; } = new(Domain, Org, Runner);

    public static RunnerIdentity OfPlatform { get; } = new(Domain, null, Runner);
}
