namespace Planton.Server.Authorization;

/// <summary>Roles, as they are stored and as the API shows them.</summary>
internal static class RoleName
{
    public const string Owner = "owner";
    public const string Admin = "admin";
    public const string Member = "member";
    public const string Viewer = "viewer";
}
