namespace Planton.Api.Runners;

/// <summary>Where the control plane's API is.</summary>
public sealed record ControlPlaneEndpoint
{
    /// <summary>An absolute http or https URL.</summary>
    public string? Endpoint { get; init; }

    /// <summary>PEM; given when the API's certificate is not publicly trusted.</summary>
    public string? CaCertificates { get; init; }
}
