using Planton.Runner.Providers.Kubernetes.Authentication;

namespace Planton.Runner.Providers.Kubernetes;

/// <summary>The clusters this runner reaches, by context. One whose definition changed is replaced at its next use.</summary>
internal sealed class KubernetesTargets(TargetResolver resolver, AuthenticatorFactory authenticators, TargetHandlerFactory handlers) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, KubernetesTarget> _targets = new(StringComparer.Ordinal);

    /// <summary>Dispose the lease when the operation has ended.</summary>
    public ValueTask<TargetAttempt<TargetLease>> LeaseAsync(string? context, CancellationToken cancellationToken)
    {
        var key = context ?? "";
        var resolved = resolver.Resolve(context);
        KubernetesTarget? target;
        lock (_gate)
        {
            _targets.TryGetValue(key, out target);
            if (resolved.Value is null || target is null || target.Definition != resolved.Value)
            {
                target?.Retire();
                _targets.Remove(key);
                if (resolved.Fault is { } fault)
                    return ValueTask.FromResult<TargetAttempt<TargetLease>>(fault);
                target = new KubernetesTarget(resolved.Value!, authenticators.Create(resolved.Value!), handlers);
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
