using Planton.Api.ApiKeys;

namespace Planton.Api.Users;

/// <summary>A new user, with a first key.</summary>
/// <param name="User">The user.</param>
/// <param name="ApiKey">What is stored of the key.</param>
/// <param name="Key">The key itself (<c>pck_…</c>): in this answer alone.</param>
public sealed record CreateUserResponse(User User, ApiKey ApiKey, string Key)
{
    /// <summary>Without the key: a record's own text would put it into any log that prints it.</summary>
    public override string ToString() => $"user {User.Name}, API key {ApiKey.Id} ({ApiKey.Fingerprint})";
}
