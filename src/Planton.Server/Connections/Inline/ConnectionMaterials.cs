using System.Buffers;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Planton.Server.Encryption;
using Planton.Server.Storage;

namespace Planton.Server.Connections.Inline;

/// <summary>Keeps what inline connections bring, encrypted and bound to its connection, and opens it for one request.</summary>
internal sealed class ConnectionMaterials(IDbContextFactory<ControlPlaneContext> contexts, OrganizationCipher cipher)
{
    /// <summary>Inside the transaction that stores the connection. Returns how many bytes are stored.</summary>
    public async Task<int> AddAsync(ControlPlaneContext context, ConnectionEntity connection, InlineKubeconfig kubeconfig, CancellationToken cancellationToken)
    {
        var plain = Take(kubeconfig.ToJson());
        try
        {
            var sealedKubeconfig = await cipher.SealAsync(context, connection.OrganizationId, Purpose(connection), plain, cancellationToken).ConfigureAwait(false);
            context.ConnectionMaterials.Add(new ConnectionMaterialEntity { ConnectionId = connection.Id, SealedKubeconfig = sealedKubeconfig });
            return sealedKubeconfig.Length;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    /// <summary>Null when it is not there: the connection has just been deleted.</summary>
    /// <exception cref="CryptographicException">What is stored was altered, or put in another's place.</exception>
    public async Task<InlineCredentials?> OpenAsync(ConnectionEntity connection, CancellationToken cancellationToken)
    {
        var context = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = context.ConfigureAwait(false);
        var material = await context.ConnectionMaterials.AsNoTracking()
            .SingleOrDefaultAsync(material => material.ConnectionId == connection.Id, cancellationToken).ConfigureAwait(false);
        if (material is null)
            return null;
        var plain = await cipher.OpenAsync(context, connection.OrganizationId, Purpose(connection), material.SealedKubeconfig, cancellationToken)
            .ConfigureAwait(false);
        try
        {
            return new InlineCredentials(Convert.ToBase64String(plain));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    private static string Purpose(ConnectionEntity connection) => $"connection/{connection.OrganizationId}/{connection.Id}";

    private static byte[] Take(ArrayBufferWriter<byte> buffer)
    {
        var plain = buffer.WrittenSpan.ToArray();
        // Overwrites what the writer holds as well.
        buffer.Clear();
        return plain;
    }
}
