namespace Planton.Api.Routing;

/// <summary>Where the runner of a route comes from, in the order in which they are asked.</summary>
public static class RouteLevelName
{
    /// <summary>The connection names it.</summary>
    public const string Connection = "connection";

    /// <summary>It is the organization's default.</summary>
    public const string Organization = "organization";

    /// <summary>It is the platform's default.</summary>
    public const string Platform = "platform";
}
