namespace Planton.Api.Secrets;

/// <summary>One version of a secret, without its values.</summary>
/// <param name="Version">Its number, from 1.</param>
/// <param name="Keys">Its keys.</param>
/// <param name="CreatedAt">When it was written, UTC.</param>
/// <param name="CreatedBy">Who wrote it.</param>
public sealed record SecretVersion(int Version, IReadOnlyList<string> Keys, DateTimeOffset CreatedAt, string CreatedBy);
