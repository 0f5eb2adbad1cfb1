using Microsoft.EntityFrameworkCore;
using Planton.Server.Audit;
using Planton.Server.CertificateAuthority;
using Planton.Server.Hosting;
using Planton.Server.Storage;
using Planton.Tunnel.Protocol;

namespace Planton.Server.Offline;

/// <summary>
/// <c>planton-server ca rotate</c>. A running server finds the new authority in the database. Whether the master key is the one of
/// the server shows in the audit record: it could not be chained with another one, and the transaction would end without a trace.
/// </summary>
internal static class AuthorityRotateCommand
{
    public const string Description =
        "Adds a certificate authority, from which runners' certificates come from now on. The one before stays trusted until: ca retire";

    public static async Task<int> RunAsync(ServerOptions options, TextWriter output, CancellationToken cancellationToken)
    {
        var data = await OfflineData.OpenSharedAsync(options, cancellationToken).ConfigureAwait(false);
        await using var _ = data.ConfigureAwait(false);
        await AddAsync(data, cancellationToken).ConfigureAwait(false);
        await AuthorityListCommand.PrintAsync(data, output, cancellationToken).ConfigureAwait(false);
        return ServerExit.Ok;
    }

    private static async Task AddAsync(OfflineData data, CancellationToken cancellationToken)
    {
        var transaction = await data.Contexts.BeginAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = transaction.ConfigureAwait(false);
        var context = transaction.Context;
        var active = await context.CertificateAuthorities.Where(authority => authority.RetiredAt == null)
            .OrderBy(authority => authority.CreatedAt).ToListAsync(cancellationToken).ConfigureAwait(false);
        if (active.Count == 0)
            throw new StartupException("there is no certificate authority yet: start the server once");
        if (active.Count >= TrustBundle.MaxAuthorities)
            throw new StartupException($"{active.Count} certificate authorities are trusted already, the most that may be; retire the oldest first: planton-server ca retire");
        // Their order is that of their making.
        if (data.Get<TimeProvider>().GetStorableNow() <= active[^1].CreatedAt)
            throw new StartupException($"this machine's clock is before the last authority was made ({active[^1].CreatedAt.UtcDateTime:u}); set the clock right");
        using var made = data.Get<AuthorityMaker>().Add(context, active[0].TrustDomain, beside: true);
        data.Get<IAuditLog>().Append(context, OfflineRecord.Of(
            AuditAction.RotateAuthority, $"platform/authority/{made.Id}", $"{active.Count} before it stay trusted"));
        try
        {
            await context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (AuditNotWrittenException exception)
        {
            throw new StartupException($"no authority was added: {exception.Message}", exception);
        }

        await transaction.CommitAsync(CancellationToken.None).ConfigureAwait(false);
    }
}
