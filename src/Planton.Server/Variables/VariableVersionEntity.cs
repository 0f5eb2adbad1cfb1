namespace Planton.Server.Variables;

/// <summary>One version of a variable. Never changed.</summary>
internal sealed class VariableVersionEntity
{
    public required string Id { get; init; }

    public required string VariableId { get; init; }

    public required int Version { get; init; }

    public required string Value { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required string CreatedBy { get; init; }
}
