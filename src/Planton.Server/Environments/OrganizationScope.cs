using Planton.Server.Authorization;

namespace Planton.Server.Environments;

/// <summary>Where a name is looked for: a whole organization, or one environment of it.</summary>
internal sealed record OrganizationScope(CallerMembership Organization, EnvironmentEntity? Environment)
{
    public string OrganizationId => Organization.OrganizationId;

    /// <summary>Unique over organizations and environments: names are unique below it.</summary>
    public string Id => Environment?.Id ?? Organization.OrganizationId;

    /// <summary>For messages.</summary>
    public override string ToString() => Environment is null
        ? $"organization \"{Organization.OrganizationName}\""
        : $"environment \"{Environment.Name}\" of organization \"{Organization.OrganizationName}\"";

    /// <summary>For the audit trail: <c>secret/db</c>, <c>environment/staging/secret/db</c>. Also before it is known whether the environment exists.</summary>
    public static string Resource(string? environment, string what) => environment is null ? what : $"environment/{environment}/{what}";
}
