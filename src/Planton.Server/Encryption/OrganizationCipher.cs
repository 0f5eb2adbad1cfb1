using System.Security.Cryptography;
using Planton.Server.Storage;

namespace Planton.Server.Encryption;

/// <summary>Encrypts what an organization keeps secret, under its own key.</summary>
internal sealed class OrganizationCipher(MasterKey masterKey, TimeProvider time)
{
    /// <summary>What a data key is sealed for.</summary>
    public static string KeyPurpose(string organizationId) => $"data-key/{organizationId}";

    /// <summary>Inside the transaction that stores the result: the organization's key is made there if it has none.</summary>
    public async Task<byte[]> SealAsync(
        ControlPlaneContext context, string organizationId, string purpose, byte[] plain, CancellationToken cancellationToken)
    {
        var key = await FindAsync(context, organizationId, cancellationToken).ConfigureAwait(false) ?? Make(context, organizationId);
        return key.Seal(purpose, plain);
    }

    /// <exception cref="CryptographicException">What is stored was altered, or put in another's place.</exception>
    public async Task<byte[]> OpenAsync(
        ControlPlaneContext context, string organizationId, string purpose, byte[] box, CancellationToken cancellationToken)
    {
        var key = await FindAsync(context, organizationId, cancellationToken).ConfigureAwait(false);
        return key is not null && key.TryOpen(purpose, box, out var plain)
            ? plain
            : throw new CryptographicException($"{purpose} cannot be opened: it was altered, or put in another's place");
    }

    private async Task<SealingKey?> FindAsync(ControlPlaneContext context, string organizationId, CancellationToken cancellationToken)
    {
        var stored = await context.DataKeys.FindAsync([organizationId], cancellationToken).ConfigureAwait(false);
        if (stored is null)
            return null;
        if (!masterKey.TryOpen(KeyPurpose(organizationId), stored.SealedKey, out var plain))
            throw new CryptographicException($"the key of organization {organizationId} cannot be opened with this master key");
        try
        {
            return new SealingKey(plain);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    private SealingKey Make(ControlPlaneContext context, string organizationId)
    {
        var plain = RandomNumberGenerator.GetBytes(SealingKey.KeyBytes);
        try
        {
            context.DataKeys.Add(new DataKeyEntity
            {
                OrganizationId = organizationId,
                SealedKey = masterKey.Seal(KeyPurpose(organizationId), plain),
                CreatedAt = time.GetStorableNow(),
            });
            return new SealingKey(plain);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }
}
