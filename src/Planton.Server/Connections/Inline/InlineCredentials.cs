namespace Planton.Server.Connections.Inline;

/// <summary>What an inline connection's request carries to the runner, ready for its header. Printing it prints no secret.</summary>
internal sealed class InlineCredentials(string header)
{
    /// <summary>The only way to it: what writes the header.</summary>
    public string Reveal() => header;

    public override string ToString() => nameof(InlineCredentials);
}
