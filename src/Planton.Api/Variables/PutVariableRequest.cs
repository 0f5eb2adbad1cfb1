namespace Planton.Api.Variables;

/// <summary>Body of <c>PUT …/variables/NAME</c>.</summary>
/// <param name="Value">The value of the new version: at most <see cref="MaxBytes"/> in UTF-8.</param>
public sealed record PutVariableRequest(string? Value)
{
    /// <summary>The largest value.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>The most versions that are kept; the oldest goes when there are more.</summary>
    public const int MaxVersions = 100;
}
