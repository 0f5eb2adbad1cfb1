namespace Planton.Api;

/// <summary>A list as the API answers it.</summary>
/// <param name="Items">The objects, by name.</param>
public sealed record ListResponse<T>(IReadOnlyList<T> Items);
