using Microsoft.EntityFrameworkCore;
using Planton.Api.Errors;
using Planton.Server.Connections;
using Planton.Server.Errors;
using Planton.Server.Storage;

namespace Planton.Server.RunnerGrants;

internal static class RunnerGrantErrors
{
    // Enough to find a near miss in.
    private const int MaxCompared = 1000;

    /// <summary>The runner that would be used is the platform's, and no grant covers the connection. Which contexts and ranges are granted is not said.</summary>
    public static Error NotGranted(ConnectionEntity connection, string runner, string organization, bool hasOthers)
    {
        // An operator may copy the command: nothing that the connection's maker wrote is in it.
        var (what, flags) = connection switch
        {
            { AuthMode: ConnectionAuthMode.Inline } => ("connections that bring their own credentials", "--mode inline --allow-cidr CIDR"),
            { KubernetesContext: { } context } => ($"context \"{context}\"", "--kube-context CONTEXT"),
            _ => ("connections that name no context", ""),
        };
        return new Error(
            ErrorCode.RunnerNotGranted,
            $"connection \"{connection.Name}\" would use runner \"{runner}\" of the platform, which is not granted to organization \"{organization}\"{(hasOthers ? $" for {what}" : "")}",
            $"A platform operator can grant it: {$"planton runner grant {runner} --to-org {organization} {flags}".TrimEnd()}; or set a default runner of the organization: planton runner set-default NAME");
    }

    /// <summary>The grants changed between routing and sending.</summary>
    public static Error Changed(ConnectionEntity connection) => new(
        ErrorCode.RunnerNotGranted,
        $"what connection \"{connection.Name}\" may do at the platform's runner has just changed. The operation was not sent",
        "Try again.");

    /// <summary>For an operation in flight.</summary>
    public static Error Revoked { get; } = new(
        ErrorCode.RunnerNotGranted,
        "the grant of the platform's runner that it ran by was revoked",
        "A platform operator can grant it again: planton runner grant NAME --to-org ORG");

    /// <summary>For the platform operator, who may see every name.</summary>
    public static async Task<Error> OrganizationNotFoundAsync(ControlPlaneContext context, string name, CancellationToken cancellationToken)
    {
        var known = await context.Organizations.OrderBy(organization => organization.Name).Select(organization => organization.Name)
            .Take(MaxCompared).ToListAsync(cancellationToken).ConfigureAwait(false);
        var near = NearMisses.Find(name, known);
        return new Error(
            ErrorCode.OrganizationNotFound,
            $"there is no organization \"{name}\"",
            near.Count > 0 ? $"Did you mean {string.Join(" or ", near)}?" : null);
    }

    public static Error NotFound(string runner) => new(
        ErrorCode.NotFound,
        $"runner \"{runner}\" of the platform has no grant of that id",
        $"See what there is with: planton runner grants {runner}");

    public static Error AlreadyExists(string runner, RunnerGrantEntity grant) => new(
        ErrorCode.AlreadyExists, $"grant {grant.Id} of runner \"{runner}\" says the same already", $"See it with: planton runner grants {runner}");

    public static Error TooMany(string runner, string organization) => new(
        ErrorCode.Conflict,
        $"runner \"{runner}\" has {RunnerGrantService.MaxOfOrganization} grants to organization \"{organization}\", which is the most",
        $"Revoke one first: planton runner revoke-grant {runner} GRANT-ID");
}
