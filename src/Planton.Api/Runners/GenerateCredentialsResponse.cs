namespace Planton.Api.Runners;

/// <summary>Answer of <c>POST …/runners/NAME/credentials</c>: the only time the private key and the API key are seen.</summary>
/// <param name="Registered">Whether the runner was registered by this call.</param>
/// <param name="Credentials">The document, as it goes into <c>credentials.json</c>.</param>
public sealed record GenerateCredentialsResponse(bool Registered, RunnerCredentials Credentials);
