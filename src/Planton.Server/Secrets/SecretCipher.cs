using System.Security.Cryptography;
using System.Text.Json;
using Planton.Api;
using Planton.Api.Secrets;
using Planton.Server.Encryption;
using Planton.Server.Storage;

namespace Planton.Server.Secrets;

/// <summary>Encrypts the values of one version, bound to its place: what is stored cannot stand in for another secret or version.</summary>
internal sealed class SecretCipher(OrganizationCipher cipher)
{
    /// <summary>Inside the transaction that stores the result.</summary>
    public async Task<byte[]> SealAsync(
        ControlPlaneContext context, SecretEntity secret, IReadOnlyDictionary<string, string> values, CancellationToken cancellationToken)
    {
        var plain = JsonSerializer.SerializeToUtf8Bytes(new PutSecretRequest { Values = values }, PlantonJson.Default.PutSecretRequest);
        try
        {
            return await cipher.SealAsync(context, secret.OrganizationId, Purpose(secret, secret.Version), plain, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    /// <exception cref="CryptographicException">What is stored was altered, or put in another's place.</exception>
    public async Task<IReadOnlyDictionary<string, string>> OpenAsync(
        ControlPlaneContext context, SecretEntity secret, SecretVersionEntity version, CancellationToken cancellationToken)
    {
        var plain = await cipher.OpenAsync(
            context, secret.OrganizationId, Purpose(secret, version.Version), version.SealedValues, cancellationToken).ConfigureAwait(false);
        try
        {
            return JsonSerializer.Deserialize(plain, PlantonJson.Default.PutSecretRequest)?.Values
                ?? throw new CryptographicException($"secret {secret.Id} holds nothing that can be read");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    private static string Purpose(SecretEntity secret, int version) =>
        FormattableString.Invariant($"secret/{secret.OrganizationId}/{secret.Id}/{secret.Name}/{version}");
}
