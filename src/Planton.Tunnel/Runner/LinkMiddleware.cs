using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Planton.Tunnel.Protocol;

namespace Planton.Tunnel.Runner;

/// <summary>
/// The runner's end of the control calls, and the count of operations under way. Control calls have no bodies: headers are
/// not flow-controlled, so that stalled uploads cannot starve them.
/// </summary>
internal sealed partial class LinkMiddleware(
    RequestDelegate next, TunnelRunnerOptions options, IdentityKeeper identity, TunnelLink owner, IHostApplicationLifetime lifetime, TimeProvider time,
    ILogger<LinkMiddleware> logger)
{
    private const double MaxRetryAfterMs = 60_000;
    private const double MaxRenewAfterMs = 24 * 3_600_000;
    private static readonly TimeSpan UnhurriedDrainPoll = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan DrainPoll = TimeSpan.FromMilliseconds(50);

    // For the gateway to close. It does not while a slow reader there has the last bytes still to get.
    private static readonly TimeSpan GatewayClosesTimeout = TimeSpan.FromSeconds(2);

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.Features.Get<TunnelLinkFeature>() is not { } tunnel)
            await next(context).ConfigureAwait(false);
        else if (context.Request.Path.Value!.StartsWith(TunnelProtocol.ControlPrefix, StringComparison.Ordinal))
            await ControlAsync(context, tunnel).ConfigureAwait(false);
        else
            await OperateAsync(context, tunnel.Link).ConfigureAwait(false);
    }

    private async Task OperateAsync(HttpContext context, RunnerLink link)
    {
        link.BeginOperation();
        try
        {
            await next(context).ConfigureAwait(false);
        }
        finally
        {
            link.EndOperation();
        }
    }

    private async Task ControlAsync(HttpContext context, TunnelLinkFeature tunnel)
    {
        var (request, link) = (context.Request, tunnel.Link);
        switch (request.Method, request.Path.Value)
        {
            case ("GET", TunnelProtocol.LinkPath) when link.TryOpen():
                await LinkAsync(context, tunnel).ConfigureAwait(false);
                return;
            case ("GET", TunnelProtocol.AlivePath):
                break;
            case ("POST", TunnelProtocol.PongPath) when long.TryParse(request.Query["id"], CultureInfo.InvariantCulture, out var id):
                link.Pong(id);
                break;
            case ("POST", TunnelProtocol.RenewedPath) when long.TryParse(request.Query["id"], CultureInfo.InvariantCulture, out var id):
                link.Renewed(id, AnswerOf(request));
                break;
            case ("POST", TunnelProtocol.TrustPath):
                context.Response.StatusCode = await TrustAsync(request, context.RequestAborted).ConfigureAwait(false);
                return;
            case ("POST", TunnelProtocol.DrainPath):
                LogGatewayDrains();
                link.DrainByGateway(RetryAfterOf(request));
                break;
            case ("POST", TunnelProtocol.RefusedPath):
                var refusal = new LinkRefusal(request.Query["code"].ToString(), Uri.UnescapeDataString(request.Headers[TunnelProtocol.DetailHeader].ToString()))
                {
                    RetryAfter = RetryAfterOf(request),
                };
                LogRefused(refusal.Code, refusal.Detail);
                link.Refuse(refusal);
                break;
            default:
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return;
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static TimeSpan RetryAfterOf(HttpRequest request)
    {
        _ = double.TryParse(request.Query["retryAfterMs"], CultureInfo.InvariantCulture, out var milliseconds);
        return TimeSpan.FromMilliseconds(Math.Clamp(double.IsNaN(milliseconds) ? 0 : milliseconds, 0, MaxRetryAfterMs));
    }

    private static RenewalAnswer AnswerOf(HttpRequest request) => new(
        TrustBundle.ReadCertificate(request.Headers[TunnelProtocol.CertificateHeader].ToString()),
        TrustBundle.FromHeader(request.Headers[TunnelProtocol.TrustHeader]),
        request.Query["code"] is [{ } code] ? code : null,
        Uri.UnescapeDataString(request.Headers[TunnelProtocol.DetailHeader].ToString()));

    private async Task<int> TrustAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (TrustBundle.FromHeader(request.Headers[TunnelProtocol.TrustHeader]) is not { } trust)
            return StatusCodes.Status400BadRequest;
        if (!await identity.TrustAsync(trust, cancellationToken).ConfigureAwait(false))
        {
            LogTrustRefused();
            return StatusCodes.Status409Conflict;
        }

        if (double.TryParse(request.Query["renewAfterMs"], CultureInfo.InvariantCulture, out var after))
            owner.AskRenewal(TimeSpan.FromMilliseconds(Math.Clamp(after, 0, MaxRenewAfterMs)));
        return StatusCodes.Status204NoContent;
    }

    private async Task LinkAsync(HttpContext context, TunnelLinkFeature tunnel)
    {
        var link = tunnel.Link;
        var tunnelId = context.Request.Headers[TunnelProtocol.TunnelIdHeader].ToString();
        LogReady(tunnelId);
        context.Response.ContentType = "application/x-ndjson";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        using var stopping = lifetime.ApplicationStopping.Register(link.DrainByRunner);
        try
        {
            var greeting = options.Greeting with
            {
                Starting = options.Greeting.Starting && !link.AcceptsOperations,
                Trust = TrustBundle.Hash(identity.Current.TrustedRoots),
                KeepsCertificates = options.CertificateStore is not null,
            };
            await WriteAsync(context, greeting, TunnelJson.Default.RunnerGreeting).ConfigureAwait(false);
            await foreach (var line in link.Events.ReadAllAsync(context.RequestAborted).ConfigureAwait(false))
            {
                await WriteAsync(context, line, TunnelJson.Default.LinkEvent).ConfigureAwait(false);
                if (line.Event == LinkEvent.Draining)
                    break;
            }

            if (!await OperationsEndAsync(link, context.RequestAborted).ConfigureAwait(false)
                || !await NothingIsOnItsWayAsync(link, context.RequestAborted).ConfigureAwait(false))
            {
                LogDrainTimedOut(link.Operations, options.DrainTimeout.TotalSeconds);
                tunnel.Connection.Abort(new ConnectionAbortedException("operations did not end while draining"));
            }
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The gateway closed the link, or the connection broke: the listener dials again.
        }
    }

    private async Task<bool> OperationsEndAsync(RunnerLink link, CancellationToken aborted)
    {
        var stopping = lifetime.ApplicationStopping;
        var began = time.GetTimestamp();
        // Where only the certificate changes, nobody waits for what is under way: it may take as long as the certificate lives.
        var hurried = !link.Replaced || stopping.IsCancellationRequested;
        while (link.Operations > 0)
        {
            if (!hurried && stopping.IsCancellationRequested)
                (hurried, began) = (true, time.GetTimestamp());
            if (hurried ? time.GetElapsedTime(began) >= options.DrainTimeout : time.GetUtcNow() >= link.CertificateEnds)
                return false;
            await Task.Delay(hurried ? DrainPoll : UnhurriedDrainPoll, time, aborted).ConfigureAwait(false);
        }

        return true;
    }

    // What the gateway sent before it heard of the draining may be on its way still, and to end now would lose it. The gateway
    // closes when it has nothing under way any more.
    private async Task<bool> NothingIsOnItsWayAsync(RunnerLink link, CancellationToken aborted)
    {
        await Task.Delay(GatewayClosesTimeout, time, aborted).ConfigureAwait(false);
        return await OperationsEndAsync(link, aborted).ConfigureAwait(false);
    }

    private static async Task WriteAsync<T>(HttpContext context, T line, JsonTypeInfo<T> type)
    {
        byte[] bytes = [.. JsonSerializer.SerializeToUtf8Bytes(line, type), (byte)'\n'];
        // In one call: the writer of a connection that broke meanwhile has no room, and to write to it piece by piece throws.
        await context.Response.BodyWriter.WriteAsync(bytes, context.RequestAborted).ConfigureAwait(false);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Tunnel ready ({TunnelId})")]
    private partial void LogReady(string tunnelId);

    [LoggerMessage(Level = LogLevel.Information, Message = "The gateway drains: operations under way go on, the next link is dialled")]
    private partial void LogGatewayDrains();

    [LoggerMessage(Level = LogLevel.Warning, Message = "The gateway refused this runner ({Code}): {Detail}")]
    private partial void LogRefused(string code, string detail);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The gateway told of authorities none of which this runner trusts; they are not taken")]
    private partial void LogTrustRefused();

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Operations} operations did not end within {Seconds:0} s of draining and are cut")]
    private partial void LogDrainTimedOut(int operations, double seconds);
}
