using Planton.Server.Authorization;
using Planton.Server.Errors;

namespace Planton.Server.ApiKeys;

/// <summary>What the database says of a key, whatever secret was presented with it.</summary>
/// <param name="Key">The stored key; null when there is none of that id.</param>
/// <param name="Caller">Whom it stands for, or why it is not good.</param>
internal sealed record ApiKeyReading(ApiKeyEntity? Key, Result<CallerIdentity> Caller);
