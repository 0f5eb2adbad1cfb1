namespace Planton.Api.References;

/// <summary>Body of <c>POST …/resolve</c>.</summary>
public sealed record ResolveRequest
{
    /// <summary>The most references of one request.</summary>
    public const int MaxReferences = 200;

    /// <summary><c>$secret/NAME</c>, <c>$secret/NAME/KEY</c> or <c>$var/NAME</c>.</summary>
    public IReadOnlyList<string>? References { get; init; }

    /// <summary>The environment whose own values come before the organization's; null for the organization's alone.</summary>
    public string? Environment { get; init; }
}
