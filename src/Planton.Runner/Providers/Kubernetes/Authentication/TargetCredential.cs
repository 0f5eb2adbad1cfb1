using System.Net.Http.Headers;

namespace Planton.Runner.Providers.Kubernetes.Authentication;

/// <summary>What is shown to a target. Printing it prints no secret.</summary>
/// <param name="Authorization">The header; null when there is none.</param>
/// <param name="Certificate">The client certificate; null when there is none.</param>
internal sealed record TargetCredential(AuthenticationHeaderValue? Authorization, ClientCertificate? Certificate)
{
    public override string ToString() => nameof(TargetCredential);
}
