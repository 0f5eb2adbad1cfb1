using Planton.Api.Operations;
using Planton.Server.Connections;
using Planton.Server.Connections.Inline;

namespace Planton.Server.Routing;

/// <summary>One operation on its way: what the runner is told beside the request itself.</summary>
internal sealed record Operation(string Id, ConnectionEntity Connection, Route Route)
{
    /// <summary>The environment's name; null for the organization as a whole.</summary>
    public string? Environment { get; init; }

    /// <summary>What the connection brings itself; null where the runner's own credentials are used.</summary>
    public InlineCredentials? Credentials { get; init; }

    /// <summary>What the runner must be able to do beyond the kind of operation itself.</summary>
    public IReadOnlyList<string> NeededCapabilities =>
        Credentials is null ? []
        : Route.IsOfPlatform ? [InlineKubernetes.Capability, InlineKubernetes.RangesCapability]
        : [InlineKubernetes.Capability];

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
            request.Headers.TryAddWithoutValidation(OperationHeaders.Environment, environment);
        if (Credentials is { } credentials)
            request.Headers.TryAddWithoutValidation(OperationHeaders.KubernetesConfig, credentials.Reveal());
        if (Route.Access is { Ranges: { Count: > 0 } ranges })
            request.Headers.TryAddWithoutValidation(OperationHeaders.AllowedAddresses, string.Join(',', ranges));
    }
}
