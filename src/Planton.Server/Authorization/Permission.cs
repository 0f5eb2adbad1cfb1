namespace Planton.Server.Authorization;

/// <summary>What a caller may be allowed to do. Which role has which is in <see cref="PolicyTable"/>.</summary>
internal enum Permission
{
    ReadOrganization,
    DeleteOrganization,
    ReadRunner,
    RegisterRunner,
    DeleteRunner,
    ReadRunnerCredentials,
    GenerateRunnerCredentials,
    RevokeRunnerCredentials,
    SetDefaultRunner,
    ReadConnection,
    CreateConnection,
    DeleteConnection,
    TestConnection,
    UseConnection,

    ReadAudit,
    ReadEnvironment,
    ManageEnvironment,
    ReadSecret,
    WriteSecret,

    /// <summary>Reading the values themselves; a runner's service account may, in its own organization.</summary>
    RevealSecret,
    ReadVariable,
    WriteVariable,

    /// <summary>Its environments, and being a default.</summary>
    UpdateConnection,

    ReadMember,
    ManageMember,
    ReadServiceAccount,

    /// <summary>Making and deleting service accounts, and their keys.</summary>
    ManageServiceAccount,

    /// <summary>A user may make an organization of their own; a service account, which belongs to one, may not.</summary>
    CreateOrganization,

    /// <summary>Listing, making and revoking the caller's own keys. A runner gets its keys with its credentials alone.</summary>
    ManageOwnKeys,

    /// <summary>Anyone signed in may see the platform's runners, because their connections may be routed to them.</summary>
    ReadPlatformRunner,

    /// <summary>Registering, deleting and defaulting platform runners, and their credentials: the platform operator's alone.</summary>
    ManagePlatformRunner,

    /// <summary>Seeing, making and deleting users: the platform operator's alone.</summary>
    ManageUser,

    /// <summary>The numbers of the whole control plane.</summary>
    ReadMetrics,

    /// <summary>The records of every organization and of none, and whether they are as they were written.</summary>
    ReadPlatformAudit,
}
