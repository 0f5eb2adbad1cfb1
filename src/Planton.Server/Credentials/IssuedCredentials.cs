using Planton.Api.Runners;
using Planton.Server.Encryption;

namespace Planton.Server.Credentials;

/// <summary>New credentials, in the only moment in which they are known.</summary>
/// <param name="Document">For the answer alone; with marks in place of both secrets.</param>
/// <param name="PrivateKey">In PEM, in place of <see cref="PrivateKeyMark"/>.</param>
/// <param name="ApiKey">In place of <see cref="ApiKeyMark"/>.</param>
/// <param name="Record">For the audit trail: which they are, without secrets.</param>
internal sealed record IssuedCredentials(RunnerCredentials Document, SecretBytes PrivateKey, SecretBytes ApiKey, string Record)
{
    public const string PrivateKeyMark = "{private key}";
    public const string ApiKeyMark = "{API key}";

    public IReadOnlyList<KeyValuePair<string, SecretBytes>> Secrets => [new(PrivateKeyMark, PrivateKey), new(ApiKeyMark, ApiKey)];

    /// <summary>Without the document: a record's own text would put its keys into any log that prints it.</summary>
    public override string ToString() => Record;
}
