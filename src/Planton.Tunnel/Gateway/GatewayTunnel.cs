using System.Globalization;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Planton.Tunnel.Identity;
using Planton.Tunnel.Links;
using Planton.Tunnel.Protocol;

namespace Planton.Tunnel.Gateway;

/// <summary>The gateway's end of one tunnel: an HTTP/2 client whose server is the runner.</summary>
public sealed partial class GatewayTunnel : IDisposable
{
    private static readonly TimeSpan ControlTimeout = TimeSpan.FromSeconds(5);

    private readonly TunnelGatewayOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Action _closeConnection;
    private readonly LinkLifecycle _lifecycle = new();
    private readonly CancellationTokenSource _closed = new();
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _operations;

    internal GatewayTunnel(
        TunnelCandidate candidate, Stream stream, Action closeConnection, TunnelGatewayOptions options, TimeProvider time, ILogger logger)
    {
        Id = candidate.TunnelId;
        Identity = candidate.Identity;
        Certificate = candidate.Certificate;
        RemoteEndPoint = candidate.RemoteEndPoint;
        Invoker = new TunnelInvoker(stream, Id, options);
        Closed = _closed.Token;
        ConnectedAt = time.GetUtcNow();
        _closeConnection = closeConnection;
        _options = options;
        _time = time;
        _logger = logger;
    }

    /// <summary>New with each connection.</summary>
    public string Id { get; }

    /// <summary>The runner, by its certificate.</summary>
    public RunnerIdentity Identity { get; }

    /// <summary>The certificate that the runner showed.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>Where the connection comes from.</summary>
    public EndPoint? RemoteEndPoint { get; }

    /// <summary>When the connection was accepted, UTC.</summary>
    public DateTimeOffset ConnectedAt { get; }

    /// <summary>What the runner says of itself; null until it has.</summary>
    public RunnerGreeting? Greeting { get; private set; }

    /// <summary>
    /// Sends requests to the runner: HTTP/2 exactly, to <c>http://runner/PATH</c>. Fails with <see cref="TunnelClosedException"/>
    /// inside when the request was not sent. Hold a lease of <see cref="TryBeginOperation"/> meanwhile.
    /// </summary>
    public HttpMessageInvoker Invoker { get; }

    /// <summary>The link's state.</summary>
    public LinkState State => _lifecycle.State;

    /// <summary>Operations under way.</summary>
    public int Operations => Volatile.Read(ref _operations);

    /// <summary>Cancelled when the tunnel is closed.</summary>
    public CancellationToken Closed { get; }

    /// <summary>How many operations it takes at once; 0 until the runner has greeted.</summary>
    public int Capacity => Math.Min(_options.MaxOperationsPerTunnel, Greeting?.MaxOperations ?? 0);

    /// <summary>
    /// Reserves a place for one operation; null when the tunnel is not ready or has as many as it may. Without that limit, an
    /// operation past the runner's own would wait without a word.
    /// </summary>
    public OperationLease? TryBeginOperation()
    {
        if (Interlocked.Increment(ref _operations) <= Capacity && State == LinkState.Ready)
            return new OperationLease(this);
        EndOperation();
        return null;
    }

    /// <summary>Asks the runner for an answer over the link, and returns how long that took.</summary>
    /// <exception cref="HttpRequestException">The tunnel broke, or its runner does not answer as it should.</exception>
    public async Task<TimeSpan> PingAsync(CancellationToken cancellationToken = default)
    {
        var began = _time.GetTimestamp();
        using var request = ControlRequest(HttpMethod.Get, TunnelProtocol.AlivePath);
        using var response = await Invoker.SendAsync(request, cancellationToken).ConfigureAwait(false);
        response.EnsureSuccessStatusCode();
        return _time.GetElapsedTime(began);
    }

    /// <summary>Cuts the tunnel and everything on it, at once.</summary>
    public void Abort(string reason)
    {
        if (State != LinkState.Closed)
            LogAborted(Id, reason);
        Close();
    }

    /// <summary>Tells the runner why, then cuts the tunnel. For credentials that were revoked while in use.</summary>
    public async Task RefuseAsync(LinkRefusal refusal, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(refusal);
        var wait = refusal.RetryAfter > TimeSpan.Zero
            ? string.Create(CultureInfo.InvariantCulture, $"&retryAfterMs={(long)refusal.RetryAfter.TotalMilliseconds}")
            : "";
        await TrySendControlAsync(
            $"{TunnelProtocol.RefusedPath}?code={Uri.EscapeDataString(refusal.Code)}{wait}", refusal.Detail, TimeSpan.FromMilliseconds(500), cancellationToken)
            .ConfigureAwait(false);
        // One that never was a tunnel is not cut, and has been told of already.
        if (Greeting is null)
            Close();
        else
            Abort($"refused: {refusal.Code}");
    }

    /// <summary>
    /// Asks the runner to dial anew after <paramref name="retryAfter"/>, sends nothing new, waits for operations under way up to
    /// the drain limit, and closes.
    /// </summary>
    public async Task DrainAsync(TimeSpan retryAfter, CancellationToken cancellationToken = default)
    {
        _lifecycle.TryMoveTo(LinkState.Draining);
        await TrySendControlAsync(
            $"{TunnelProtocol.DrainPath}?retryAfterMs={(long)retryAfter.TotalMilliseconds}", null, TimeSpan.FromSeconds(1), cancellationToken)
            .ConfigureAwait(false);
        await OperationsEndAsync(cancellationToken).ConfigureAwait(false);
        Close();
    }

    /// <summary>
    /// Tells the runner which authorities to trust from now on, and, when <paramref name="renewAfter"/> is given, to renew its
    /// certificate after that time. Returns whether it has taken them: one that keeps state has written them down by then.
    /// </summary>
    public Task<bool> TellTrustAsync(X509Certificate2Collection trust, TimeSpan? renewAfter, CancellationToken cancellationToken = default)
    {
        var query = renewAfter is { } wait ? string.Create(CultureInfo.InvariantCulture, $"?renewAfterMs={(long)wait.TotalMilliseconds}") : "";
        return TrySendControlAsync(
            TunnelProtocol.TrustPath + query, null, ControlTimeout, cancellationToken, (TunnelProtocol.TrustHeader, TrustBundle.ToHeader(trust)));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Close();
        Invoker.Dispose();
        Certificate.Dispose();

        // Not the token source: another thread may be in the middle of closing, and without a timer it holds nothing.
    }

    internal void Announce(RunnerGreeting greeting) => Greeting = greeting;

    internal bool BecomeReady() => _lifecycle.TryMoveTo(LinkState.Ready);

    internal void BecomeDraining() => _lifecycle.TryMoveTo(LinkState.Draining);

    /// <summary>Takes nothing new, and waits for what is under way, up to the drain limit.</summary>
    internal async Task OperationsEndAsync(CancellationToken cancellationToken)
    {
        _lifecycle.TryMoveTo(LinkState.Draining);
        if (Operations == 0)
            return;
        try
        {
            await _idle.Task.WaitAsync(_options.DrainTimeout, _time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            LogDrainTimedOut(Id, Operations, _options.DrainTimeout.TotalSeconds);
        }
    }

    /// <summary>Completes when nothing is under way on a tunnel that drains, or it is closed.</summary>
    internal Task Idle => Operations == 0 ? Task.CompletedTask : _idle.Task;

    internal void EndOperation()
    {
        if (Interlocked.Decrement(ref _operations) == 0 && State == LinkState.Draining)
            _idle.TrySetResult();
    }

    internal Task PongAsync(long id, CancellationToken cancellationToken) =>
        TrySendControlAsync($"{TunnelProtocol.PongPath}?id={id}", null, ControlTimeout, cancellationToken);

    internal Task AnswerRenewalAsync(long id, CertificateRenewal renewal, X509Certificate2Collection trust, CancellationToken cancellationToken)
    {
        var answer = string.Create(CultureInfo.InvariantCulture, $"{TunnelProtocol.RenewedPath}?id={id}");
        return renewal.Certificate is { } certificate
            ? TrySendControlAsync(
                answer, null, ControlTimeout, cancellationToken,
                (TunnelProtocol.CertificateHeader, Convert.ToBase64String(certificate.RawDataMemory.Span)),
                (TunnelProtocol.TrustHeader, TrustBundle.ToHeader(trust)))
            : TrySendControlAsync(
                $"{answer}&code={Uri.EscapeDataString(renewal.Code ?? "")}", renewal.Detail, ControlTimeout, cancellationToken);
    }

    internal HttpRequestMessage ControlRequest(HttpMethod method, string path) => new(method, $"http://{TunnelProtocol.Authority}{path}")
    {
        Version = HttpVersion.Version20,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        Headers = { { TunnelProtocol.TunnelIdHeader, Id } },
    };

    private async Task<bool> TrySendControlAsync(
        string path, string? detail, TimeSpan limit, CancellationToken cancellationToken, params (string Name, string Value)[] headers)
    {
        using var timeout = new CancellationTokenSource(limit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken, Closed);
        using var request = ControlRequest(HttpMethod.Post, path);
        if (detail is not null)
            request.Headers.Add(TunnelProtocol.DetailHeader, Uri.EscapeDataString(detail));
        foreach (var (name, value) in headers)
            request.Headers.Add(name, value);
        try
        {
            using var response = await Invoker.SendAsync(request, either.Token).ConfigureAwait(false);
            return response.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            // A courtesy: the runner that does not hear it finds the connection closed.
            LogControlNotSent(Id, path, e.Message);
            return false;
        }
    }

    internal void Close()
    {
        if (!_lifecycle.TryMoveTo(LinkState.Closed))
            return;
        _closeConnection();
        _closed.Cancel();
        _idle.TrySetResult();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Tunnel {TunnelId} is cut: {Reason}")]
    private partial void LogAborted(string tunnelId, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Tunnel {TunnelId}: {Operations} operations did not end within {Seconds:0} s of draining and are cut")]
    private partial void LogDrainTimedOut(string tunnelId, int operations, double seconds);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Tunnel {TunnelId}: control call {Path} was not answered: {Reason}")]
    private partial void LogControlNotSent(string tunnelId, string path, string reason);
}
