namespace Planton.Api.Users;

/// <summary>What revoking every key of a user ended.</summary>
/// <param name="Revoked">How many of the keys were still valid.</param>
public sealed record RevokeUserKeysResponse(int Revoked);
