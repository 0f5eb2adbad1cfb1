namespace Planton.Server.Offline;

/// <summary>One certificate authority, as <c>planton-server ca list</c> shows it.</summary>
internal sealed record AuthorityRow
{
    public required string Id { get; init; }

    public required string Subject { get; init; }

    /// <summary>Lower-case hexadecimal SHA-256 of the certificate's DER.</summary>
    public required string Sha256 { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary><c>issuing</c>: runners' certificates come from it; <c>trusted</c>: those that have one of it may go on; <c>retired</c>.</summary>
    public required string State { get; init; }

    /// <summary>Whether the server's own certificate comes from it.</summary>
    public required bool OfServer { get; init; }

    /// <summary>Certificates of it that are good, of credentials that are not revoked.</summary>
    public required int RunnerCertificates { get; init; }

    /// <summary>Credentials that could not connect any more if it were retired now.</summary>
    public required int NeededBy { get; init; }

    public DateTimeOffset? RetiredAt { get; init; }
}
