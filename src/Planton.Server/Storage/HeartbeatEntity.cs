namespace Planton.Server.Storage;

/// <summary>One row, written to find out whether anything can be written.</summary>
internal sealed class HeartbeatEntity
{
    /// <summary>The only row's.</summary>
    public const int TheId = 1;

    public int Id { get; init; } = TheId;

    public required DateTimeOffset At { get; set; }
}
