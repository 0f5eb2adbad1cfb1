namespace Planton.Server.Encryption;

/// <summary>The key of what one organization keeps secret. Gone with the organization, and with it the meaning of every copy.</summary>
internal sealed class DataKeyEntity
{
    public required string OrganizationId { get; init; }

    /// <summary>Encrypted under the master key.</summary>
    public required byte[] SealedKey { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }
}
