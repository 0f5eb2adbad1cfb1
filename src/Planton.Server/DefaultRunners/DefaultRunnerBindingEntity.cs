namespace Planton.Server.DefaultRunners;

/// <summary>The runner used when a connection names none.</summary>
internal sealed class DefaultRunnerBindingEntity
{
    /// <summary><see cref="IdOf"/>: one binding an organization, and one for the platform.</summary>
    public required string Id { get; init; }

    /// <summary>Null for the platform's default.</summary>
    public string? OrganizationId { get; init; }

    public required string RunnerId { get; set; }

    public static string IdOf(string? organizationId) => organizationId ?? "platform";
}
