namespace Planton.Runner.Credentials;

/// <summary>What the command line says about where the credentials are.</summary>
/// <param name="Name">The runner's name in the local store.</param>
/// <param name="Organization">The organization's name in the local store.</param>
/// <param name="File">The value of <c>--credentials-file</c>.</param>
/// <param name="Platform">A runner of the platform is meant, not an organization's.</param>
internal sealed record CredentialsRequest(string? Name = null, string? Organization = null, string? File = null, bool Platform = false);
