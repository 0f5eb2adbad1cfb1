using Planton.Api.Operations;
using Planton.Server.Connections;
using Planton.Server.Connections.Inline;
using Planton.Server.Environments;

namespace Planton.Server.Routing;

/// <summary>One operation on its way: what the runner is told beside the request itself.</summary>
internal sealed record Operation(string Id, ConnectionEntity Connection, Route Route)
{
    /// <summary>Null for the organization as a whole.</summary>
    public EnvironmentEntity? Environment { get; init; }

    /// <summary>What it may be aborted for while it is in flight.</summary>
    public LiveTarget Target => new(Connection.Id, Connection.Name, Environment?.Id, Environment?.Name);

    /// <summary>What the connection brings itself; null where the runner's own credentials are used.</summary>
    public InlineCredentials? Credentials { get; init; }

    /// <summary>What the runner must be able to do beyond the kind of operation itself; null for nothing more.</summary>
    public string? NeededCapability => Credentials is null ? null : InlineKubernetes.Capability;

    /// <summary>Writes the headers of the operation, in place of whatever came by those names.</summary>
    public void WriteHeaders(HttpRequestMessage request)
    {
        var forged = request.Headers.NonValidated.Select(header => header.Key)
            .Where(name => name.StartsWith(OperationHeaders.Prefix, StringComparison.OrdinalIgnoreCase)).ToList();
        foreach (var name in forged)
            request.Headers.Remove(name);
        request.Headers.TryAddWithoutValidation(OperationHeaders.OperationId, Id);
        request.Headers.TryAddWithoutValidation(OperationHeaders.Organization, Connection.OrganizationId);
        request.Headers.TryAddWithoutValidation(OperationHeaders.Runner, Route.Runner.Id);
        if (Connection.KubernetesContext is { } kubernetesContext)
            request.Headers.TryAddWithoutValidation(OperationHeaders.KubernetesContext, Uri.EscapeDataString(kubernetesContext));
        if (Environment is { } environment)
            request.Headers.TryAddWithoutValidation(OperationHeaders.Environment, environment.Name);
        if (Credentials is { } credentials)
            request.Headers.TryAddWithoutValidation(OperationHeaders.KubernetesConfig, credentials.Reveal());
    }
}
