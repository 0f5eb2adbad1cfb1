namespace Planton.Api.Connections;

/// <summary>The stages of a connection test, in their order.</summary>
public static class ConnectionTestStageName
{
    /// <summary>Authorizing, finding the runner, and writing it down.</summary>
    public const string ControlPlane = "control-plane";

    /// <summary>One round trip to the runner.</summary>
    public const string Tunnel = "tunnel";

    /// <summary>What the runner does before it sends the request: configuration, references, credentials.</summary>
    public const string Runner = "runner";

    /// <summary>From there to the target's answer.</summary>
    public const string Target = "target";
}
