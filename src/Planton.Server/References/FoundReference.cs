using Planton.Server.Secrets;
using Planton.Server.Variables;

namespace Planton.Server.References;

/// <summary>What a reference points at: a variable, or one key of a version of a secret.</summary>
internal sealed record FoundReference(Reference Reference, VariableEntity? Variable, SecretEntity? Secret, SecretVersionEntity? Sealed, string? Key)
{
    public string ScopeId => Variable?.ScopeId ?? Secret!.ScopeId;

    public int Version => Variable?.Version ?? Sealed!.Version;
}
