namespace Planton.Server.Audit;

/// <summary>A decision could not be recorded, so that what was decided must not be done.</summary>
internal class AuditNotWrittenException(string message, Exception? inner = null) : Exception(message, inner);
