namespace Planton.Tunnel.Runner;

/// <summary>A dial failed at a known step.</summary>
internal sealed class DialException(DialFailure failure, string message, Exception? inner = null) : Exception(message, inner)
{
    public DialFailure Failure { get; } = failure;
}
