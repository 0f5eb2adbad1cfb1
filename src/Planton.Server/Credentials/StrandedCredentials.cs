using Microsoft.EntityFrameworkCore;
using Planton.Server.Storage;

namespace Planton.Server.Credentials;

/// <summary>Finds the credentials that an authority cannot be retired without stranding.</summary>
internal static class StrandedCredentials
{
    /// <summary>
    /// The valid credentials that have no certificate of another authority that is sure to be there at their runner's next start.
    /// Sure is one of a credentials document, and one that was used and is kept in a state folder; unless a certificate of
    /// the authority in question was used after that one was made, by another replica. Whoever has a certificate was told with it
    /// of all authorities that were trusted then.
    /// </summary>
    public static async Task<IReadOnlyList<StrandedCredential>> FindAsync(
        ControlPlaneContext context, string authorityId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var retired = await context.CertificateAuthorities.Where(authority => authority.RetiredAt != null)
            .Select(authority => authority.Id).ToListAsync(cancellationToken).ConfigureAwait(false);
        var stranded = new List<StrandedCredential>();
        var valid = context.RunnerCredentials.AsNoTracking()
            .Where(credential => credential.RevokedAt == null && credential.ExpiresAt > now)
            .Join(context.Runners, credential => credential.RunnerId, runner => runner.Id, (credential, runner) => new { credential.Id, runner.Name, runner.OrganizationId })
            .GroupJoin(
                context.Organizations, credential => credential.OrganizationId, organization => organization.Id,
                (credential, organizations) => new { credential.Id, credential.Name, Organizations = organizations })
            .SelectMany(
                credential => credential.Organizations.DefaultIfEmpty(),
                (credential, organization) => new { credential.Id, credential.Name, Organization = organization == null ? null : organization.Name });
        var certificates = (await context.RunnerCertificates.AsNoTracking().Where(certificate => certificate.ExpiresAt > now)
            .ToListAsync(cancellationToken).ConfigureAwait(false)).ToLookup(certificate => certificate.CredentialId, StringComparer.Ordinal);
        await foreach (var credential in valid.OrderBy(credential => credential.Id).AsAsyncEnumerable().WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            var own = certificates[credential.Id].Where(certificate => !retired.Contains(certificate.AuthorityId)).ToLookup(certificate => certificate.AuthorityId == authorityId);
            var sure = own[false].Where(certificate => !certificate.Renewed || certificate is { Kept: true, LastUsedAt: not null }).MaxBy(certificate => certificate.CreatedAt);
            if (sure is null || own[true].Any(certificate => certificate.LastUsedAt > sure.CreatedAt))
                stranded.Add(new StrandedCredential(credential.Id, credential.Name, credential.Organization));
        }

        return stranded;
    }
}
