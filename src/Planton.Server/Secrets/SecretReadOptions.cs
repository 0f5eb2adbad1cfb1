namespace Planton.Server.Secrets;

/// <summary>How many values of secrets one caller may read: a token bucket, on each node.</summary>
internal sealed record SecretReadOptions
{
    /// <summary>How many at once after a pause. At least what one request may ask for.</summary>
    public int Burst { get; init; } = 1000;

    /// <summary>How many more each <see cref="Period"/>.</summary>
    public int PerPeriod { get; init; } = 20;

    public TimeSpan Period { get; init; } = TimeSpan.FromSeconds(1);
}
