namespace Planton.Tunnel.Protocol;

/// <summary>Why a gateway will not have a runner.</summary>
public static class RefusalCode
{
    /// <summary>The certificate's time is over. Final.</summary>
    public const string Expired = "expired";

    /// <summary>The certificate's time has not come: a clock is wrong. Final.</summary>
    public const string NotYetValid = "not_yet_valid";

    /// <summary>The credential was revoked. Final.</summary>
    public const string Revoked = "revoked";

    /// <summary>The certificate is genuine, but its runner or credential is not registered. Final.</summary>
    public const string Unknown = "unknown_runner";

    /// <summary>The ends speak different versions of the protocol, or the greeting is malformed. Final.</summary>
    public const string Protocol = "protocol";

    /// <summary>The gateway has as many tunnels as it may. Try again later.</summary>
    public const string Busy = "busy";

    /// <summary>The gateway cannot look the runner up now, or is stopping. Try again later.</summary>
    public const string Unavailable = "unavailable";

    /// <summary>Whether trying again with the same credentials is of no use. A code that is not listed here is not final.</summary>
    public static bool IsFinal(string code) => code is Expired or NotYetValid or Revoked or Unknown or Protocol;
}
