using System.Buffers;

namespace Planton.Tunnel.Identity;

/// <summary>
/// A runner's SPIFFE id: <c>spiffe://TRUST-DOMAIN/org/ORG-ID/runner/RUNNER-ID</c>, or
/// <c>spiffe://TRUST-DOMAIN/platform/runner/RUNNER-ID</c>. Two ids are the same only when their text is.
/// </summary>
/// <param name="TrustDomain">Lower-case letters, digits, '.', '-' and '_'.</param>
/// <param name="OrganizationId">The organization that the runner belongs to; null for a platform runner.</param>
/// <param name="RunnerId">The runner.</param>
public sealed record RunnerIdentity(string TrustDomain, string? OrganizationId, string RunnerId)
{
    private const string Scheme = "spiffe://";
    private const int MaxLength = 2048;
    private static readonly SearchValues<char> DomainCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789.-_");
    private static readonly SearchValues<char> SegmentCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_");

    /// <summary>Reads an id. Anything beside the two forms is refused: no other path, query, port, escape or case of the scheme.</summary>
    public static RunnerIdentity? Parse(string? uri)
    {
        if (uri is null || uri.Length > MaxLength || !uri.StartsWith(Scheme, StringComparison.Ordinal))
            return null;
        return uri[Scheme.Length..].Split('/') switch
        {
            [var domain, "org", var org, "runner", var runner] when IsDomain(domain) && IsSegment(org) && IsSegment(runner) => new(domain, org, runner),
            [var domain, "platform", "runner", var runner] when IsDomain(domain) && IsSegment(runner) => new(domain, null, runner),
            _ => null,
        };
    }

    /// <summary>The id as it stands in a certificate.</summary>
    public override string ToString() =>
        OrganizationId is null ? $"{Scheme}{TrustDomain}/platform/runner/{RunnerId}" : $"{Scheme}{TrustDomain}/org/{OrganizationId}/runner/{RunnerId}";

    private static bool IsDomain(string text) => text.Length is > 0 and <= 255 && !text.AsSpan().ContainsAnyExcept(DomainCharacters);

    private static bool IsSegment(string text) =>
        text.Length > 0 && text is not "." and not ".." && !text.AsSpan().ContainsAnyExcept(SegmentCharacters);
}
