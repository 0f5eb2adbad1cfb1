namespace Planton.Server.ApiKeys;

/// <summary>A new key, in the only moment in which it is known.</summary>
/// <param name="Id">The public part.</param>
/// <param name="Text">The whole key: shown once, kept nowhere.</param>
/// <param name="SecretHash">What is stored.</param>
/// <param name="Fingerprint">Tells it apart from others.</param>
internal sealed record IssuedApiKey(string Id, string Text, byte[] SecretHash, string Fingerprint)
{
    /// <summary>Without the key: a record's own text would put it into any log that prints it.</summary>
    public override string ToString() => $"API key {Id} ({Fingerprint})";
}
