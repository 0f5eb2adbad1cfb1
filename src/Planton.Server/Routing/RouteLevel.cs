namespace Planton.Server.Routing;

/// <summary>Where the runner of a route comes from.</summary>
internal enum RouteLevel
{
    /// <summary>The connection names it.</summary>
    Connection,

    /// <summary>It is the organization's default.</summary>
    Organization,

    /// <summary>It is the platform's default.</summary>
    Platform,
}
