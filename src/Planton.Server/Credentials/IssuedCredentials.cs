using Planton.Api.Runners;

namespace Planton.Server.Credentials;

/// <summary>New credentials, in the only moment in which they are known.</summary>
/// <param name="Document">For the answer alone.</param>
/// <param name="Record">For the audit trail: which they are, without secrets.</param>
internal sealed record IssuedCredentials(RunnerCredentials Document, string Record)
{
    /// <summary>Without the document: a record's own text would put its keys into any log that prints it.</summary>
    public override string ToString() => Record;
}
