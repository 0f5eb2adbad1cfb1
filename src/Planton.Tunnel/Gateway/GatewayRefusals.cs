using System.Net;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Planton.Tunnel.Protocol;

namespace Planton.Tunnel.Gateway;

/// <summary>
/// Remembers for a minute who was refused, so that a peer that dials in a loop costs little: its lines in the log are counted, its
/// certificate is refused in the handshake, and its address is slowed down.
/// </summary>
internal sealed partial class GatewayRefusals(TunnelGatewayOptions options, TimeProvider time, ILogger logger) : IDisposable
{
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    /// <summary>How many lines of one kind are written in a minute; the others become one line at its end.</summary>
    public const int MaxLines = 5;

    /// <summary>How many certificates, addresses and kinds of lines are told apart in a minute.</summary>
    public const int MaxEntries = 10_000;

    // Lines about lines are bounded too.
    private const int MaxSummaries = 100;

    private readonly ILogger _logger = logger;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _certificates = new(StringComparer.Ordinal);
    private readonly Dictionary<IPAddress, Address> _addresses = [];
    private readonly Dictionary<string, int> _lines = new(StringComparer.Ordinal);
    private ITimer? _timer;

    /// <summary>Writes the counts of each minute from now on.</summary>
    public void Start() => _timer = time.CreateTimer(_ => EndWindow(), null, Window, Window);

    /// <summary>Whether a line of this kind is still to be written in this minute.</summary>
    public bool MayLog(string kind)
    {
        lock (_gate)
        {
            if (!_lines.ContainsKey(kind) && _lines.Count >= MaxEntries)
                kind = "others";
            return ++CollectionsMarshal.GetValueRefOrAddDefault(_lines, kind, out _) <= MaxLines;
        }
    }

    /// <summary>
    /// Counts a refusal that the same peer will get again. Not of one that may be let in later: other replicas have the same
    /// certificate, and others the same address.
    /// </summary>
    /// <param name="remote">Where it dialled from.</param>
    /// <param name="certificate">The SHA-256 of its certificate, if it showed one.</param>
    public void Count(EndPoint? remote, string? certificate)
    {
        lock (_gate)
        {
            if (certificate is not null && (_certificates.ContainsKey(certificate) || _certificates.Count < MaxEntries))
                CollectionsMarshal.GetValueRefOrAddDefault(_certificates, certificate, out _)++;
            if ((remote as IPEndPoint)?.Address is not { } address || (!_addresses.ContainsKey(address) && _addresses.Count >= MaxEntries))
                return;
            if (!_addresses.TryGetValue(address, out var counted))
                _addresses[address] = counted = new Address { Tokens = options.LimitedDialsPerSecond, At = time.GetTimestamp() };
            counted.Refusals++;
        }
    }

    /// <summary>Whether this certificate was refused so often that its peer is not told why any more.</summary>
    public bool IsOver(Func<string> certificate)
    {
        lock (_gate)
        {
            // Seldom is there any, and to hash each certificate for it would be a waste.
            return _certificates.Count > 0 && _certificates.GetValueOrDefault(certificate()) >= options.MaxRefusalsOfCertificate;
        }
    }

    /// <summary>Whether a connection from there is served. One that was refused too often may dial a few times a second.</summary>
    public bool MayDial(EndPoint? remote)
    {
        lock (_gate)
        {
            if ((remote as IPEndPoint)?.Address is not { } address || !_addresses.TryGetValue(address, out var counted)
                || counted.Refusals < options.MaxRefusalsOfAddress)
                return true;
            var now = time.GetTimestamp();
            var more = time.GetElapsedTime(counted.At, now).TotalSeconds * options.LimitedDialsPerSecond;
            (counted.Tokens, counted.At) = (Math.Min(options.LimitedDialsPerSecond, counted.Tokens + more), now);
            if (counted.Tokens < 1)
                return false;
            counted.Tokens--;
            return true;
        }
    }

    public void Dispose()
    {
        _timer?.Dispose();
        EndWindow();
    }

    /// <summary>Whether a refusal says something of the certificate itself, and not of this moment.</summary>
    public static bool IsOfCertificate(string code) => RefusalCode.IsFinal(code) && code != RefusalCode.Protocol;

    private void EndWindow()
    {
        List<KeyValuePair<string, int>> many;
        lock (_gate)
        {
            many = [.. _lines.Where(line => line.Value > MaxLines).OrderByDescending(line => line.Value).Take(MaxSummaries)];
            _lines.Clear();
            _certificates.Clear();
            _addresses.Clear();
        }

        foreach (var (kind, count) in many)
            LogMore(kind, count - MaxLines);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Kind}: {Count} more times within a minute")]
    private partial void LogMore(string kind, int count);

    private sealed class Address
    {
        public int Refusals { get; set; }

        public double Tokens { get; set; }

        public long At { get; set; }
    }
}
