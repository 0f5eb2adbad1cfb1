using Planton.Runner.Providers.Kubernetes.Configuration;

namespace Planton.Runner.Providers.Kubernetes;

/// <summary>What the files say of a target: all of it, or what has references that are resolved at its use. One of the two is set.</summary>
internal sealed record TargetSource(TargetDefinition? Definition, KubeSelection? WithReferences);
