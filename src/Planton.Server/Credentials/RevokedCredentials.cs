using Planton.Api.Credentials;
using Planton.Server.Gateway;

namespace Planton.Server.Credentials;

/// <summary>What a revocation changed in the database.</summary>
/// <param name="Ids">The credentials.</param>
/// <param name="Valid">How many of them were still good.</param>
/// <param name="ValidKeys">How many of their API keys were.</param>
internal sealed record RevokedCredentials(IReadOnlySet<string> Ids, int Valid, int ValidKeys)
{
    public RevocationSummary With(LiveCount cut) => new(Valid, ValidKeys, cut.Tunnels, cut.Operations);
}
