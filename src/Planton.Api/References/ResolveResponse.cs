namespace Planton.Api.References;

/// <summary>Answer of <c>POST …/resolve</c>.</summary>
/// <param name="Values">The value of each reference.</param>
public sealed record ResolveResponse(IReadOnlyDictionary<string, string> Values)
{
    /// <summary>Says nothing of the values.</summary>
    public override string ToString() => nameof(ResolveResponse);
}
