namespace Planton.EndToEnd.Tests.Revocation;

/// <summary>The ways to end what a runner lives by.</summary>
public enum RevocationKind
{
    /// <summary>One credential of several.</summary>
    One,

    /// <summary>All, with new ones in their place.</summary>
    Regenerate,

    /// <summary>All, with the runner.</summary>
    Delete,
}
