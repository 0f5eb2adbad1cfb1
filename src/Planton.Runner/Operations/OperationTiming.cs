using System.Globalization;
using Planton.Api.Operations;

namespace Planton.Runner.Operations;

/// <summary>How long the runner itself takes for an operation: until the request is sent to the target.</summary>
internal sealed class OperationTiming(TimeProvider time)
{
    private readonly long _began = time.GetTimestamp();
    private TimeSpan? _own;

    public TimeSpan Elapsed => time.GetElapsedTime(_began);

    /// <summary>The target has it from here on.</summary>
    public void Sent() => _own ??= Elapsed;

    /// <summary>Tells the gateway.</summary>
    public void Write(IHeaderDictionary headers) => headers[OperationHeaders.RunnerMilliseconds] =
        (_own ?? Elapsed).TotalMilliseconds.ToString("0.00", CultureInfo.InvariantCulture);
}
