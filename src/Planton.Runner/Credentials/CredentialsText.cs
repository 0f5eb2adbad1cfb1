namespace Planton.Runner.Credentials;

/// <summary>A credentials document as it was found. Its text is a secret.</summary>
/// <param name="Source">Where it comes from, fit for a log line.</param>
/// <param name="Json">The document.</param>
internal sealed record CredentialsText(string Source, string Json)
{
    public override string ToString() => Source;
}
