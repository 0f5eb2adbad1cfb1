namespace Planton.Server.Runners;

/// <summary>Where a runner is registered: in an organization, or at platform level when both are null.</summary>
internal sealed record RunnerScope(string? OrganizationId, string? OrganizationName)
{
    public static RunnerScope Platform { get; } = new(null, null);

    /// <summary>As messages name it.</summary>
    public string Description => OrganizationName is null ? "the platform" : $"organization \"{OrganizationName}\"";

    /// <summary>The flag that selects it on the command line.</summary>
    public string Flag => OrganizationName is null ? "--platform" : $"--org {OrganizationName}";

    /// <summary>The resource of a runner in the audit trail.</summary>
    public string Resource(string runner) => OrganizationName is null ? $"platform/runner/{runner}" : $"runner/{runner}";
}
