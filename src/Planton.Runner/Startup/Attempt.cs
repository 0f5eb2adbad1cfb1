namespace Planton.Runner.Startup;

/// <summary>A value, or why there is none. Exactly one of the two is set.</summary>
internal readonly struct Attempt<T>
    where T : class
{
    private Attempt(T? value, StartFailure? failure) => (Value, Failure) = (value, failure);

    public T? Value { get; }

    public StartFailure? Failure { get; }

    public static implicit operator Attempt<T>(T value) => new(value, null);

    public static implicit operator Attempt<T>(StartFailure failure) => new(null, failure);
}
