using Planton.Api;
using Planton.Server.Secrets;

namespace Planton.Server.References;

/// <summary>A reference as it is written: <c>$secret/NAME</c>, <c>$secret/NAME/KEY</c>, <c>$var/NAME</c>.</summary>
internal sealed record Reference(string Text, bool IsSecret, string Name, string? Key)
{
    public const string Rule = "must be $secret/NAME, $secret/NAME/KEY or $var/NAME";

    /// <summary>What it reads, for the audit trail.</summary>
    public string Resource => IsSecret ? $"secret/{Name}" : $"variable/{Name}";

    /// <summary>Null when it is none.</summary>
    public static Reference? Parse(string? text) => text?.Split('/') switch
    {
        ["$secret", var name] when Slug.IsValid(name) => new Reference(text, true, name, null),
        ["$secret", var name, var key] when Slug.IsValid(name) && SecretRequestValidator.IsKey(key) => new Reference(text, true, name, key),
        ["$var", var name] when Slug.IsValid(name) => new Reference(text, false, name, null),
        _ => null,
    };
}
