namespace Planton.Server.Storage;

/// <summary>Nothing could be written. Its message, like <see cref="DatabaseFaults.Describe"/>, tells no address and no path.</summary>
internal sealed class DatabaseFaultException(DatabaseFault fault, Exception? inner = null) : Exception(fault.Describe(), inner)
{
    public DatabaseFault Fault => fault;

    /// <summary>The connection broke while a transaction was committed: it may have happened or not.</summary>
    public bool MayBeDone { get; init; }
}
