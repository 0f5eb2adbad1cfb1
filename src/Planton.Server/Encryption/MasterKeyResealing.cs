using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Planton.Server.Audit;
using Planton.Server.CertificateAuthority;
using Planton.Server.Hosting;
using Planton.Server.Storage;

namespace Planton.Server.Encryption;

/// <summary>Puts all that the database holds under one master key under another, inside the caller's transaction.</summary>
internal static class MasterKeyResealing
{
    /// <summary>Returns how many values were sealed anew.</summary>
    /// <exception cref="StartupException">One of them does not open.</exception>
    public static async Task<int> RunAsync(ControlPlaneContext context, MasterKey before, MasterKey next, CancellationToken cancellationToken)
    {
        var count = 0;
        foreach (var authority in await context.CertificateAuthorities.ToListAsync(cancellationToken).ConfigureAwait(false))
        {
            // A retired one has no key any more.
            if (authority.SealedKey.Length > 0)
                (authority.SealedKey, count) = (Reseal(AuthorityMaker.KeyPurpose, authority.SealedKey, before, next), count + 1);
        }

        foreach (var key in await context.DataKeys.ToListAsync(cancellationToken).ConfigureAwait(false))
            (key.SealedKey, count) = (Reseal(OrganizationCipher.KeyPurpose(key.OrganizationId), key.SealedKey, before, next), count + 1);
        await context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        await SignHeadAsync(context, next, cancellationToken).ConfigureAwait(false);
        return count;
    }

    private static byte[] Reseal(string purpose, byte[] box, MasterKey before, MasterKey next)
    {
        if (!before.TryOpen(purpose, box, out var plain))
            throw new StartupException($"the master key is not changed: {purpose} cannot be opened with the present one; it was altered, or put in another's place");
        try
        {
            return next.Seal(purpose, plain);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    // The key that signs where the audit trail ends is derived from the master key.
    private static async Task SignHeadAsync(ControlPlaneContext context, MasterKey next, CancellationToken cancellationToken)
    {
        var head = await context.AuditHeads.AsNoTracking().SingleAsync(cancellationToken).ConfigureAwait(false);
        var signed = new AuditHeadSigner(next).Sign(head.Sequence, head.Hash);
        await context.AuditHeads.Where(row => row.Id == AuditHeadEntity.TheId)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.Signature, signed.Signature), cancellationToken).ConfigureAwait(false);
    }
}
