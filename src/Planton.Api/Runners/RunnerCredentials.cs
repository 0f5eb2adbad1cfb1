namespace Planton.Api.Runners;

/// <summary>The one file a runner needs to start: <c>credentials.json</c>. Unknown fields are ignored.</summary>
public sealed record RunnerCredentials
{
    /// <summary>The value of <see cref="ApiVersion"/> that this version reads and writes.</summary>
    public const string CurrentApiVersion = "planton.dev/v1";

    /// <summary>The value of <see cref="Kind"/>.</summary>
    public const string KindName = "RunnerCredentials";

    /// <summary>Always <see cref="CurrentApiVersion"/>.</summary>
    public string? ApiVersion { get; init; } = CurrentApiVersion;

    /// <summary>Always <see cref="KindName"/>.</summary>
    public string? Kind { get; init; } = KindName;

    /// <summary>Whose credentials these are.</summary>
    public RunnerCredentialsMetadata? Metadata { get; init; }

    /// <summary>Where the API is.</summary>
    public ControlPlaneEndpoint? ControlPlane { get; init; }

    /// <summary>Where the gateway is, and the keys for it.</summary>
    public TunnelCredentials? Tunnel { get; init; }

    /// <summary>The API key of the runner's service account (<c>pck_…</c>).</summary>
    public string? ApiKey { get; init; }

    /// <summary>Every fault of the document, each beginning with the field's path; empty when it can be used.</summary>
    public IReadOnlyList<string> Validate() => RunnerCredentialsValidator.Validate(this);
}
