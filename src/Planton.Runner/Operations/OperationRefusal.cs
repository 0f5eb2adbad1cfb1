namespace Planton.Runner.Operations;

/// <summary>Why the runner does not do an operation.</summary>
/// <param name="Code">One of <see cref="Planton.Api.Errors.ErrorCode"/>.</param>
/// <param name="Detail">For people. No secrets.</param>
internal sealed record OperationRefusal(string Code, string Detail)
{
    /// <summary>Whether it had begun to talk to the target.</summary>
    public bool AtTarget { get; init; }
}
