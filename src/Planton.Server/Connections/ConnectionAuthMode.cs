namespace Planton.Server.Connections;

internal static class ConnectionAuthMode
{
    /// <summary>The runner's own credentials; nothing is stored here.</summary>
    public const string Runner = "runner";

    /// <summary>Credentials stored here, encrypted.</summary>
    public const string Inline = "inline";
}
