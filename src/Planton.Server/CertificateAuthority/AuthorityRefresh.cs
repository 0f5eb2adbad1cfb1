using Microsoft.EntityFrameworkCore;
using Planton.Server.Storage;

namespace Planton.Server.CertificateAuthority;

/// <summary>Follows the authorities in the database, where a command may have added or retired one while this server runs.</summary>
internal sealed partial class AuthorityRefresh(CertificateAuthorityService authority, AuthorityLoader loader, ILogger<AuthorityRefresh> logger)
{
    /// <summary>
    /// Returns whether they had changed. Before anything is issued this is called inside the transaction that records it, so that
    /// nothing comes from an authority that is retired by then.
    /// </summary>
    public async Task<bool> RefreshAsync(ControlPlaneContext context, CancellationToken cancellationToken)
    {
        var ids = await context.CertificateAuthorities.Where(stored => stored.RetiredAt == null)
            .OrderBy(stored => stored.CreatedAt).ThenBy(stored => stored.Id)
            .Select(stored => stored.Id).ToListAsync(cancellationToken).ConfigureAwait(false);
        if (authority.Authorities.All.Select(known => known.Id).SequenceEqual(ids))
            return false;
        if (await loader.LoadAsync(context, cancellationToken).ConfigureAwait(false) is not { } set)
            return false;
        authority.Use(set);
        LogChanged(set.All.Count, set.OfRunners.Id, set.OfServer.Id);
        return true;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The certificate authorities have changed: {Count} are trusted; runners' certificates come from {OfRunners}, the server's own from {OfServer}")]
    private partial void LogChanged(int count, string ofRunners, string ofServer);
}
