namespace Planton.Server.Credentials;

/// <summary>A credential that would never connect again.</summary>
/// <param name="Id">The credential.</param>
/// <param name="Runner">Its runner's name.</param>
/// <param name="Organization">The name of the runner's organization; null at platform level.</param>
internal sealed record StrandedCredential(string Id, string Runner, string? Organization)
{
    public override string ToString() => $"{Id} of runner {Runner} {(Organization is null ? "(--platform)" : $"(--org {Organization})")}";
}
