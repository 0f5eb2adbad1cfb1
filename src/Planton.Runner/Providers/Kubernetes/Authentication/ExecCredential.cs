namespace Planton.Runner.Providers.Kubernetes.Authentication;

/// <summary>What a credential plugin printed. Printing it prints no secret.</summary>
internal sealed record ExecCredential(string? Token, string? CertificatePem, string? KeyPem, DateTimeOffset? Expires)
{
    public override string ToString() => nameof(ExecCredential);
}
