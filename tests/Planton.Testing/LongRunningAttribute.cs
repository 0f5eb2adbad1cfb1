namespace Planton.Testing;

/// <summary>Marks a test class whose tests take long, one after the other: <see cref="LongRunningFirst"/> starts it early.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class LongRunningAttribute : Attribute;
