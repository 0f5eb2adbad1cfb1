using Planton.Api.Errors;
using Planton.Server.Audit;
using Planton.Server.Storage;

namespace Planton.Server.Errors;

/// <summary>What is answered when the control plane cannot read or write what it must.</summary>
internal static class UnavailableErrors
{
    /// <summary>Short: an outage of a second must not cost a minute, and Kubernetes' clients repeat by themselves, ten times.</summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    /// <summary>Null when <paramref name="exception"/> is another fault: a bug.</summary>
    public static Error? Of(Exception exception, string operationId)
    {
        var fault = DatabaseFaults.Of(exception);
        var log = $"The control plane's log says more under operation {operationId}.";
        if (Find<AuditNotWrittenException>(exception) is { } unwritten)
            return NotSent($"the audit record could not be written: {fault?.Describe() ?? (unwritten.InnerException is null ? unwritten.Message : "the database refused it")}", log);
        if (fault is null)
            return null;
        var write = Find<DatabaseFaultException>(exception);
        if (write is { MayBeDone: true })
        {
            return new Error(
                ErrorCode.Unavailable, $"it is not known whether this was done: {fault.Value.Describe()}, since it was being committed", $"Look before you repeat it. {log}");
        }

        return NotSent($"{(write is null ? "the database could not be used" : "the change and its audit record could not be written")}: {fault.Value.Describe()}", log);
    }

    private static Error NotSent(string reason, string log) =>
        new(ErrorCode.Unavailable, $"not sent, {reason}", $"Try again in {RetryAfter.TotalSeconds:0} s. {log}") { RetryAfter = RetryAfter };

    // The innermost: what wraps it says only that there was something.
    private static T? Find<T>(Exception? exception)
        where T : Exception
    {
        T? found = null;
        for (; exception is not null; exception = exception.InnerException)
            found = exception as T ?? found;
        return found;
    }
}
