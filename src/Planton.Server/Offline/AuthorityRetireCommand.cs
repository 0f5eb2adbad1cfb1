using Microsoft.EntityFrameworkCore;
using Planton.Server.Audit;
using Planton.Server.Credentials;
using Planton.Server.Hosting;
using Planton.Server.Storage;

namespace Planton.Server.Offline;

/// <summary><c>planton-server ca retire</c></summary>
internal static class AuthorityRetireCommand
{
    public const string Description =
        "Ends the trust in a certificate authority and removes its key. Refused while a credential needs it: then exits 1 and names them";

    private const int MostNamed = 100;

    public static async Task<int> RunAsync(
        ServerOptions options, string? id, bool force, TextWriter output, TextWriter errors, CancellationToken cancellationToken)
    {
        var data = await OfflineData.OpenSharedAsync(options, cancellationToken).ConfigureAwait(false);
        await using var _ = data.ConfigureAwait(false);
        var stranded = await RetireAsync(data, id, force, cancellationToken).ConfigureAwait(false);
        if (stranded.Count == 0 || force)
        {
            await AuthorityListCommand.PrintAsync(data, output, cancellationToken).ConfigureAwait(false);
            return ServerExit.Ok;
        }

        await errors.WriteLineAsync(
            $"planton-server: nothing is retired: {stranded.Count} credential(s) could not connect any more. Start their runners with --state-dir and wait until they "
            + "have renewed (planton runner credentials list), or make new credentials, or revoke them; or give them up with --force:").ConfigureAwait(false);
        foreach (var credential in stranded.Take(MostNamed))
            await errors.WriteLineAsync($"  {credential}").ConfigureAwait(false);
        if (stranded.Count > MostNamed)
            await errors.WriteLineAsync($"  and {stranded.Count - MostNamed} more").ConfigureAwait(false);
        return ServerExit.Failed;
    }

    // In one transaction: while it looks, no credentials are issued and no runner renews.
    private static async Task<IReadOnlyList<StrandedCredential>> RetireAsync(OfflineData data, string? id, bool force, CancellationToken cancellationToken)
    {
        var transaction = await data.Contexts.BeginAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = transaction.ConfigureAwait(false);
        var context = transaction.Context;
        var active = await context.CertificateAuthorities.Where(authority => authority.RetiredAt == null)
            .OrderBy(authority => authority.CreatedAt).ThenBy(authority => authority.Id).ToListAsync(cancellationToken).ConfigureAwait(false);
        var retired = id is null ? active.FirstOrDefault() : active.Find(authority => authority.Id == id);
        if (retired is null)
            throw new StartupException($"there is no trusted certificate authority {id}; see: planton-server ca list");
        if (active.Count == 1)
            throw new StartupException("it is the only certificate authority: add the next one first, with planton-server ca rotate, and let the runners renew");
        if (retired == active[^1])
            throw new StartupException("runners' certificates come from it: add the next one first, with planton-server ca rotate");
        var now = data.Get<TimeProvider>().GetStorableNow();
        var stranded = await StrandedCredentials.FindAsync(context, retired.Id, now, cancellationToken).ConfigureAwait(false);
        if (stranded.Count > 0 && !force)
            return stranded;
        (retired.RetiredAt, retired.SealedKey) = (now, []);
        data.Get<IAuditLog>().Append(context, OfflineRecord.Of(
            AuditAction.RetireAuthority, $"platform/authority/{retired.Id}",
            stranded.Count == 0 ? "no credential needed it" : $"forced: {stranded.Count} credential(s) cannot connect any more"));
        try
        {
            await context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (AuditNotWrittenException exception)
        {
            throw new StartupException($"nothing is retired: {exception.Message}", exception);
        }

        await transaction.CommitAsync(CancellationToken.None).ConfigureAwait(false);
        return stranded;
    }
}
