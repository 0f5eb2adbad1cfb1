using Planton.Server.Storage;
using Planton.Tunnel.Protocol;

namespace Planton.Server.Gateway;

/// <summary>What runners are told that may not have, or keep, a tunnel.</summary>
internal static class RunnerRefusals
{
    public static LinkRefusal NotRegistered { get; } = new(
        RefusalCode.Unknown, "this runner is not registered, or was deleted; register it and generate new credentials");

    public static LinkRefusal OtherOrganization { get; } = new(
        RefusalCode.Unknown, "this runner is not registered in the organization that its certificate names; generate new credentials");

    public static LinkRefusal UnknownCredential { get; } = new(
        RefusalCode.Unknown, "these credentials are not registered; generate new ones");

    public static LinkRefusal AuthorityRetired { get; } = new(
        RefusalCode.Revoked, "the certificate authority that these credentials come from was retired; generate new ones");

    /// <summary>For now: whether the credential was revoked is not known, and is looked up when the runner dials again.</summary>
    public static LinkRefusal PerhapsRevoked { get; } = new(RefusalCode.Unavailable, "the control plane lost its database while it ended this runner's credentials");

    /// <summary>For now.</summary>
    public static LinkRefusal NotLookedUp(DatabaseFault fault) => new(
        RefusalCode.Unavailable, $"the control plane cannot look this runner up now: {fault.Describe()}");

    public static LinkRefusal Revoked(DateTimeOffset at) => new(
        RefusalCode.Revoked, $"these credentials were revoked at {at.UtcDateTime:u}; generate new ones");
}
