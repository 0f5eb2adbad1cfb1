namespace Planton.Api.Variables;

/// <summary>One version of a variable.</summary>
/// <param name="Version">Its number, from 1.</param>
/// <param name="Value">Its value.</param>
/// <param name="CreatedAt">When it was written, UTC.</param>
/// <param name="CreatedBy">Who wrote it.</param>
public sealed record VariableVersion(int Version, string Value, DateTimeOffset CreatedAt, string CreatedBy);
