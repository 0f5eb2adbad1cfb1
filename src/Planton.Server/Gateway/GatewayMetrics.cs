using System.Diagnostics.Metrics;

namespace Planton.Server.Gateway;

/// <summary>What <c>/metrics</c> tells of tunnels and operations.</summary>
internal sealed class GatewayMetrics : IDisposable
{
    public const string MeterName = "Planton.Gateway";

    private readonly Meter _meter;
    private readonly UpDownCounter<int> _tunnels;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _renewals;
    private readonly UpDownCounter<int> _underWay;
    private readonly Counter<long> _operations;
    private readonly Histogram<double> _duration;

    public GatewayMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(MeterName);
        _tunnels = _meter.CreateUpDownCounter<int>("planton.tunnels", description: "Open tunnels");
        _refused = _meter.CreateCounter<long>("planton.tunnels.refused", description: "Tunnels refused after the handshake, by code");
        _renewals = _meter.CreateCounter<long>("planton.certificates.renewals", description: "Certificates that runners asked for, by outcome");
        _underWay = _meter.CreateUpDownCounter<int>("planton.operations.active", description: "Operations under way");
        _operations = _meter.CreateCounter<long>("planton.operations", description: "Operations ended, by kind and outcome");
        _duration = _meter.CreateHistogram<double>("planton.operation.duration", "s", "From the request to the end of its answer, by kind");
    }

    public void TunnelOpened() => _tunnels.Add(1);

    public void TunnelClosed() => _tunnels.Add(-1);

    public void TunnelRefused(string code) => _refused.Add(1, KeyValuePair.Create("code", (object?)code));

    public void CertificateRenewed(string outcome) => _renewals.Add(1, KeyValuePair.Create("outcome", (object?)outcome));

    public void OperationStarted() => _underWay.Add(1);

    public void OperationEnded(string kind, string outcome, TimeSpan took)
    {
        _underWay.Add(-1);
        _operations.Add(1, KeyValuePair.Create("kind", (object?)kind), KeyValuePair.Create("outcome", (object?)outcome));
        _duration.Record(took.TotalSeconds, KeyValuePair.Create("kind", (object?)kind));
    }

    public void Dispose() => _meter.Dispose();
}
