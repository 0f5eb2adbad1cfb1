namespace Planton.Tunnel.Protocol;

/// <summary>Why a gateway does not renew a certificate. The runner tries again after any of them, by its back-off.</summary>
public static class RenewalCode
{
    /// <summary>The request is not one that this gateway signs: another kind of key, a signature that is not that key's, or no request.</summary>
    public const string Invalid = "invalid_request";

    /// <summary>A certificate for this very key was issued before.</summary>
    public const string Replayed = "replayed";

    /// <summary>The certificate that is to be renewed has ended.</summary>
    public const string Expired = "expired";

    /// <summary>The credential was revoked.</summary>
    public const string Revoked = "revoked";

    /// <summary>The runner or its certificate is not registered.</summary>
    public const string Unknown = "unknown_runner";

    /// <summary>This runner renews too often.</summary>
    public const string Busy = "busy";

    /// <summary>It cannot be decided, or recorded, now.</summary>
    public const string Unavailable = "unavailable";

    /// <summary>This gateway renews nothing.</summary>
    public const string Unsupported = "unsupported";
}
