using System.Text.Json;
using Planton.Api.Client;
using Planton.Api.References;
using Planton.Runner.Credentials;
using Planton.Runner.Network;
using Planton.Runner.Startup;

namespace Planton.Runner.Providers.Kubernetes.References;

/// <summary>Asks the control plane, with the runner's own API key, and so only ever for its own organization's.</summary>
internal sealed class ControlPlaneReferences(ControlPlaneClient controlPlane, LoadedCredentials credentials) : IReferenceSource
{
    public async Task<TargetAttempt<IReadOnlyDictionary<string, string>>> ResolveAsync(
        IReadOnlyList<string> references, string? environment, string whose, CancellationToken cancellationToken)
    {
        if (credentials.Metadata.Organization is not { } organization || credentials.Identity.OrganizationId is null)
        {
            return Fault(whose, references, "a runner of the platform belongs to no organization whose secrets and variables it may read",
                "Use a runner of the organization, or put the values in place of the references");
        }

        try
        {
            var answer = await controlPlane.Api.ResolveAsync(
                organization, new ResolveRequest { References = references, Environment = environment }, cancellationToken);
            // Whatever another version leaves out.
            var values = answer.Values ?? new Dictionary<string, string>();
            return references.FirstOrDefault(reference => !values.ContainsKey(reference)) is { } missing
                ? Fault(whose, [missing], "the control plane answered without it", "")
                : TargetAttempt<IReadOnlyDictionary<string, string>>.Of(values);
        }
        catch (ApiException e)
        {
            return Fault(whose, references, e.Problem.Detail, e.Problem.Hint ?? "");
        }
        catch (JsonException)
        {
            return Fault(whose, references, $"{credentials.ControlPlane} answered something that is not the API of a control plane", "");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            var network = NetworkFaultReader.Read(e, controlPlane.Address, controlPlane.Proxy);
            return Fault(whose, references, $"the control plane could not be asked: {network.What}", network.Advice);
        }
    }

    private static NetworkFault Fault(string whose, IReadOnlyList<string> references, string why, string advice) =>
        new(NetworkStage.Configuration, $"{string.Join(", ", references)} of {whose} cannot be resolved: {why}", advice);
}
