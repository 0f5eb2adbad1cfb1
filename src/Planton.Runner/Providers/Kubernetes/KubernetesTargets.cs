using Planton.Runner.Providers.Kubernetes.Authentication;
using Planton.Runner.Providers.Kubernetes.References;

namespace Planton.Runner.Providers.Kubernetes;

/// <summary>The clusters this runner reaches, by context. One whose definition changed is replaced at its next use.</summary>
internal sealed class KubernetesTargets(
    TargetResolver resolver, ResolvedTargets resolved, AuthenticatorFactory authenticators, TargetHandlerFactory handlers) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Context, string? Environment), KubernetesTarget> _targets = [];

    /// <summary>Dispose the lease when the operation has ended.</summary>
    public async ValueTask<TargetAttempt<TargetLease>> LeaseAsync(string? context, string? environment, CancellationToken cancellationToken)
    {
        var source = resolver.Resolve(context);
        if (source.Value?.WithReferences is { } selection)
        {
            // Only what has references is another target in another environment.
            var definition = await resolved.GetAsync(selection, environment, cancellationToken);
            return await LeaseAsync((context ?? "", environment), definition, cancellationToken);
        }

        return await LeaseAsync((context ?? "", null), source.Fault is { } fault ? fault : source.Value!.Definition!, cancellationToken);
    }

    private ValueTask<TargetAttempt<TargetLease>> LeaseAsync(
        (string Context, string? Environment) key, TargetAttempt<TargetDefinition> made, CancellationToken cancellationToken)
    {
        KubernetesTarget? target;
        lock (_gate)
        {
            _targets.TryGetValue(key, out target);
            if (made.Value is null || target is null || target.Definition != made.Value)
            {
                target?.Retire();
                _targets.Remove(key);
                if (made.Fault is { } fault)
                    return ValueTask.FromResult<TargetAttempt<TargetLease>>(fault);
                target = new KubernetesTarget(made.Value!, authenticators.Create(made.Value!), handlers);
                _targets[key] = target;
            }
        }

        return target.LeaseAsync(cancellationToken);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var target in _targets.Values)
                target.Retire();
            _targets.Clear();
        }
    }
}
