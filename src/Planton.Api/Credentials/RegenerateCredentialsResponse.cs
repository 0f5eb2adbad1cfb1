using Planton.Api.Runners;

namespace Planton.Api.Credentials;

/// <summary>Answer of <c>POST …/runners/NAME/credentials/regenerate</c>.</summary>
/// <param name="Credentials">The new document. Its private key and API key are stored nowhere else.</param>
/// <param name="Revoked">What was revoked: every credential made before.</param>
public sealed record RegenerateCredentialsResponse(RunnerCredentials Credentials, RevocationSummary Revoked);
