using Planton.Runner.Logging;
using Planton.Runner.Providers.Kubernetes.Authentication;
using Planton.Runner.Providers.Kubernetes.References;

namespace Planton.Runner.Providers.Kubernetes.Inline;

/// <summary>
/// Clusters that connections bring themselves, each for one request. Nothing is kept after it: no connection, no TLS session,
/// no credential; the next request of the same connection dials and logs in anew.
/// </summary>
internal sealed class InlineTargets(
    IReferenceSource references, AuthenticatorFactory authenticators, TargetHandlerFactory handlers, SecretMasker masker)
{
    /// <summary>Dispose the lease when the operation has ended: that is when all of it is forgotten.</summary>
    public async ValueTask<TargetAttempt<TargetLease>> LeaseAsync(
        string header, AddressRanges? ranges, string? environment, CancellationToken cancellationToken)
    {
        var read = InlineConfigReader.Read(header);
        if (read.Fault is { } refused)
            return refused;
        var selection = read.Value!;
        if (SelectionReferences.Of(selection) is { Count: > 0 } names)
        {
            var values = await references.ResolveAsync(names, environment, selection.Name, cancellationToken);
            if (values.Fault is { } unresolved)
                return unresolved;
            selection = SelectionReferences.Replace(selection, values.Value!);
        }

        var built = TargetDefinitionBuilder.Build(selection);
        return built.Value is { } definition ? await LeaseAsync(definition, ranges, cancellationToken) : built.Fault!;
    }

    private async ValueTask<TargetAttempt<TargetLease>> LeaseAsync(
        TargetDefinition definition, AddressRanges? ranges, CancellationToken cancellationToken)
    {
        if (InlineAddresses.Check(definition, ranges) is { } forbidden)
            return forbidden;
        var authenticator = authenticators.CreateForOneRequest(definition);
        var credential = await authenticator.GetAsync(cancellationToken);
        if (credential.Fault is { } unusable)
            return unusable;
        var certificate = credential.Value!.Certificate;
        var handler = handlers.CreateForOneRequest(definition, certificate, ranges);
        if (handler.Fault is { } misconfigured)
        {
            certificate?.Dispose();
            return misconfigured;
        }

        var masked = masker.Hold(definition.Token, definition.Password, definition.ClientKeyPem);
        var connection = new TargetConnection(
            new HttpMessageInvoker(new AuthenticatingHandler(authenticator, definition.HostHeader, handler.Value!)), certificate);
        connection.Acquire();
        connection.Retire();
        return new TargetLease(definition, ranges is null ? handlers.ProxyName(definition) : null, connection, () =>
        {
            certificate?.Dispose();
            masked.Dispose();
        });
    }
}
