using Planton.Server.Storage;

namespace Planton.Server.Authorization;

/// <summary>The transaction in which something changes of who may do what.</summary>
/// <param name="Context">What is added and changed here is saved when the change succeeds.</param>
/// <param name="Caller">Who asks, as read inside the transaction.</param>
/// <param name="Now">The time of the change.</param>
internal sealed record AccessChange(ControlPlaneContext Context, CallerIdentity Caller, DateTimeOffset Now)
{
    /// <summary>What the record of it says beside its resource.</summary>
    public string? Detail { get; set; }

    /// <summary>The organization that the record belongs to, when it is not the one that the caller was let into.</summary>
    public string? MadeOrganizationId { get; set; }

    /// <summary>Whether to record that the change did not happen, whatever the reason; else only what was not permitted.</summary>
    public bool RecordsRefusal { get; set; }

    /// <summary>The caller's role in the organization that the change is of.</summary>
    public string RoleIn(string organizationId) =>
        Caller.Memberships.First(membership => membership.OrganizationId == organizationId).Role;
}
