using Planton.Api.ApiKeys;
using Planton.Api.Members;
using Planton.Api.Users;

namespace Planton.Api.Client;

/// <content>The caller's own keys, members of organizations, and users.</content>
public sealed partial class PlantonApiClient
{
    private const string OwnKeysPath = "api/v1/me/api-keys";
    private const string UsersPath = "api/v1/users";

    /// <summary>Lists the caller's own keys, newest first.</summary>
    public Task<ListResponse<ApiKey>> ListApiKeysAsync(CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Get, OwnKeysPath, PlantonJson.Default.ListResponseApiKey, cancellationToken);

    /// <summary>Makes another key for the caller.</summary>
    public Task<CreateApiKeyResponse> CreateApiKeyAsync(TimeSpan? expiresIn = null, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Post, OwnKeysPath, PlantonJson.Default.CreateApiKeyResponse,
            KeyRequest(expiresIn), PlantonJson.Default.CreateApiKeyRequest, cancellationToken);

    /// <summary>Revokes one of the caller's own keys, which may be the one that is presented.</summary>
    public Task RevokeApiKeyAsync(string id, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Delete, $"{OwnKeysPath}/{Escape(id)}", cancellationToken);

    /// <summary>Lists the users who are members of an organization.</summary>
    public Task<ListResponse<Member>> ListMembersAsync(string org, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Get, MembersPath(org), PlantonJson.Default.ListResponseMember, cancellationToken);

    /// <summary>Adds a user to an organization, or changes the role.</summary>
    public Task<Member> SetMemberAsync(string org, string user, string role, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Put, $"{MembersPath(org)}/{Escape(user)}", PlantonJson.Default.Member,
            new SetMemberRequest(role), PlantonJson.Default.SetMemberRequest, cancellationToken);

    /// <summary>Removes a user from an organization; the last owner cannot be removed.</summary>
    public Task RemoveMemberAsync(string org, string user, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Delete, $"{MembersPath(org)}/{Escape(user)}", cancellationToken);

    /// <summary>Ends the caller's own membership of an organization; its only owner cannot leave.</summary>
    public Task LeaveOrganizationAsync(string org, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Delete, $"api/v1/me/organizations/{Escape(org)}", cancellationToken);

    /// <summary>Lists every user. Takes the platform operator, as all of these do.</summary>
    public Task<ListResponse<User>> ListUsersAsync(CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Get, UsersPath, PlantonJson.Default.ListResponseUser, cancellationToken);

    /// <summary>Makes a user with a first key.</summary>
    public Task<CreateUserResponse> CreateUserAsync(string name, bool platformOperator = false, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Post, UsersPath, PlantonJson.Default.CreateUserResponse,
            new CreateUserRequest(name, platformOperator), PlantonJson.Default.CreateUserRequest, cancellationToken);

    /// <summary>Removes a user with its keys and memberships; neither the last platform operator nor an organization's last owner.</summary>
    public Task DeleteUserAsync(string name, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Delete, $"{UsersPath}/{Escape(name)}", cancellationToken);

    /// <summary>Refuses every key of a user until they are resumed; not for the last platform operator.</summary>
    public Task<SuspendUserResponse> SuspendUserAsync(string name, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Post, $"{UsersPath}/{Escape(name)}/suspend", PlantonJson.Default.SuspendUserResponse, cancellationToken);

    /// <summary>Ends a user's suspension.</summary>
    public Task<User> ResumeUserAsync(string name, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Post, $"{UsersPath}/{Escape(name)}/resume", PlantonJson.Default.User, cancellationToken);

    /// <summary>Revokes every key of a user; not for the last platform operator.</summary>
    public Task<RevokeUserKeysResponse> RevokeUserKeysAsync(string name, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Post, $"{UsersPath}/{Escape(name)}/revoke-keys", PlantonJson.Default.RevokeUserKeysResponse, cancellationToken);

    private static string MembersPath(string org) => $"{OrganizationPath(org)}/members";

    private static CreateApiKeyRequest KeyRequest(TimeSpan? expiresIn) => new(expiresIn is { } span ? (long)span.TotalSeconds : null);
}
