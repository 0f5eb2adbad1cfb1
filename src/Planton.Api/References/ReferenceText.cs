namespace Planton.Api.References;

/// <summary>The form of a reference, for whoever must tell one from a value. What it points at is the control plane's to say.</summary>
public static class ReferenceText
{
    /// <summary>Begins a reference to a secret.</summary>
    public const string SecretPrefix = "$secret/";

    /// <summary>Begins a reference to a variable.</summary>
    public const string VariablePrefix = "$var/";

    /// <summary>Whether a whole value is a reference.</summary>
    public static bool Is(string? value) =>
        value is not null
        && (value.StartsWith(SecretPrefix, StringComparison.Ordinal) || value.StartsWith(VariablePrefix, StringComparison.Ordinal));
}
