namespace Planton.Cli.Runners;

/// <summary>A place that credentials may come from, and what was there.</summary>
/// <param name="Name">The place.</param>
/// <param name="State">What was found, or why it was not looked into.</param>
internal sealed record CredentialsSource(string Name, string State)
{
    public override string ToString() => $"  {Name}: {State}";
}
