using Planton.Runner.Network;

namespace Planton.Runner.Providers.Kubernetes;

/// <summary>A value, or why the target cannot be reached. Exactly one of the two is set.</summary>
internal readonly struct TargetAttempt<T>
    where T : class
{
    private TargetAttempt(T? value, NetworkFault? fault) => (Value, Fault) = (value, fault);

    public T? Value { get; }

    public NetworkFault? Fault { get; }

    /// <summary>For interfaces, from which C# converts nothing by itself.</summary>
    public static TargetAttempt<T> Of(T value) => new(value, null);

    public static implicit operator TargetAttempt<T>(T value) => new(value, null);

    public static implicit operator TargetAttempt<T>(NetworkFault fault) => new(null, fault);
}
