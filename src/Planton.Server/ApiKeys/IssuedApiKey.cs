using Planton.Server.Encryption;

namespace Planton.Server.ApiKeys;

/// <summary>A new key, in the only moment in which it is known.</summary>
/// <param name="Id">The public part.</param>
/// <param name="Whole">The whole key in ASCII: shown once, kept nowhere.</param>
/// <param name="SecretHash">What is stored.</param>
/// <param name="Fingerprint">Tells it apart from others.</param>
internal sealed record IssuedApiKey(string Id, SecretBytes Whole, byte[] SecretHash, string Fingerprint)
{
    /// <summary>A copy of the whole key that stays in memory.</summary>
    public string Text => Whole.Reveal();

    /// <summary>Without the key: a record's own text would put it into any log that prints it.</summary>
    public override string ToString() => $"API key {Id} ({Fingerprint})";
}
