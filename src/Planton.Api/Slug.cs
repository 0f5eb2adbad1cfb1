namespace Planton.Api;

/// <summary>The form of every name that users give: what a DNS label may be, so that it fits Kubernetes objects and paths.</summary>
public static class Slug
{
    /// <summary>The longest name.</summary>
    public const int MaxLength = 63;

    /// <summary>The rule, as error messages state it.</summary>
    public const string Rule = "1 to 63 lower-case letters, digits and '-', beginning and ending with a letter or digit";

    /// <summary>Whether <paramref name="name"/> follows <see cref="Rule"/>.</summary>
    public static bool IsValid(string? name) =>
        name is { Length: > 0 and <= MaxLength }
        && name[0] != '-'
        && name[^1] != '-'
        && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');
}
