namespace Planton.Server.Connections;

/// <summary>Whose default a default connection is.</summary>
internal static class DefaultConnectionLevel
{
    public const string Environment = "environment";
    public const string Organization = "organization";
}
