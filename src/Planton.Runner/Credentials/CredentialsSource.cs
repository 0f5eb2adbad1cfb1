namespace Planton.Runner.Credentials;

/// <summary>A place that credentials may come from.</summary>
/// <param name="Name">The place.</param>
/// <param name="State">What was found there, or why it was not looked into. Never a value.</param>
internal sealed record CredentialsSource(string Name, string State);
