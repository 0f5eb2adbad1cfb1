using Planton.Server.Authorization;
using Planton.Server.Errors;

namespace Planton.Server.ApiKeys;

/// <summary>What became of a presented key.</summary>
/// <param name="Caller">Its owner; null when it was refused.</param>
/// <param name="Error">Why it was refused; null when it was not.</param>
/// <param name="Known">The stored key it claims to be, when there is one: such a refusal is recorded.</param>
internal sealed record ApiKeyVerdict(CallerIdentity? Caller, Error? Error, ApiKeyEntity? Known)
{
    /// <summary>Whether the secret was the right one, and the key was refused for another reason.</summary>
    public bool SecretFits { get; init; }
}
