using Planton.Server.Errors;

namespace Planton.Server.Audit;

/// <summary>One organization has as many records waiting to be written as it may: its requests wait, and not those of others.</summary>
internal sealed class AuditBacklogException(Error error) : AuditNotWrittenException(error.Detail)
{
    public Error Error { get; } = error;
}
