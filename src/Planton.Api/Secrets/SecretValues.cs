namespace Planton.Api.Secrets;

/// <summary>Answer of <c>POST …/secrets/NAME/reveal</c>.</summary>
/// <param name="Name">The secret's name.</param>
/// <param name="Environment">The environment's name; null for one of the whole organization.</param>
/// <param name="Version">The version that was read.</param>
/// <param name="Values">Its keys and values.</param>
public sealed record SecretValues(string Name, string? Environment, int Version, IReadOnlyDictionary<string, string> Values)
{
    /// <summary>Says nothing of the values.</summary>
    public override string ToString() => $"{nameof(SecretValues)} of {Name}, version {Version}";
}
