namespace Planton.Runner.Providers.Kubernetes.Configuration;

/// <summary>A <c>users</c> entry. Paths are absolute. Printing it prints no secret.</summary>
internal sealed record KubeUser
{
    public string? ClientCertificate { get; init; }

    /// <summary>Base64 of PEM.</summary>
    public string? ClientCertificateData { get; init; }

    public string? ClientKey { get; init; }

    /// <summary>Base64 of PEM.</summary>
    public string? ClientKeyData { get; init; }

    public string? Token { get; init; }

    public string? TokenFile { get; init; }

    public string? Username { get; init; }

    public string? Password { get; init; }

    public ExecSpec? Exec { get; init; }

    /// <summary>The name of a removed kind of plugin (<c>auth-provider</c>).</summary>
    public string? AuthProvider { get; init; }

    /// <summary>Asks the server to act as somebody else (<c>as</c>, <c>as-groups</c>, …).</summary>
    public bool Impersonates { get; init; }

    public override string ToString() => nameof(KubeUser);
}
