namespace Planton.Runner.Providers.Kubernetes.Configuration;

internal static class EquatableListBuilder
{
    public static EquatableList<T> Create<T>(ReadOnlySpan<T> items) => new(items.ToArray());
}
