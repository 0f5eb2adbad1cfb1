using System.Text.Json;
using Planton.Api;
using Planton.Api.Server;
using Planton.Server.Audit;
using Planton.Server.Authorization;
using Planton.Server.CertificateAuthority;
using Planton.Server.Storage;
using Planton.Server.Users;

namespace Planton.Server.Hosting;

/// <summary>
/// What happens around the listeners: everything they need is made before they open, and <c>addresses.json</c> is there only
/// while both are.
/// </summary>
internal sealed partial class Lifecycle(
    DataDirectory data,
    IDatabaseMigrator database,
    AuditTrailOpener auditTrail,
    AuditMark auditMark,
    AuthorityLoader authorityLoader,
    CertificateAuthorityService authority,
    ServerCertificateStore serverCertificate,
    FirstUser firstUser,
    BoundListeners listeners,
    PublicEndpoints endpoints,
    ServerOptions options,
    ServerState state,
    LiveOperations operations,
    TimeProvider time,
    ILogger<Lifecycle> logger) : IHostedLifecycleService
{
    private long _stopBegan;
    private int _aborted;

    private string AddressesFile => data.PathOf("addresses.json");

    // The listeners open after this: nobody can reach a server that is half made.
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        // From a server that was killed: whoever waits for this one must not read it.
        File.Delete(AddressesFile);
        if (!data.IsFirstStart && await database.IsEmptyAsync(cancellationToken).ConfigureAwait(false))
            throw data.NotNew("nothing");
        await database.MigrateAsync(cancellationToken).ConfigureAwait(false);
        authority.Use(await authorityLoader.LoadAsync(cancellationToken).ConfigureAwait(false));
        await auditTrail.OpenAsync(cancellationToken).ConfigureAwait(false);
        await serverCertificate.LoadOrRenewAsync(cancellationToken).ConfigureAwait(false);
        await firstUser.EnsureAsync(cancellationToken).ConfigureAwait(false);
        await auditMark.WriteAsync(cancellationToken).ConfigureAwait(false);
        data.EndFirstStart();
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        state.MoveTo(ServerState.Phase.Running);
        var http = $"{(options.HasTlsCertificate ? "https" : "http")}://{listeners.Http}";
        var tunnel = listeners.Tunnel.ToString();
        var addresses = new ServerAddresses(http, tunnel, Environment.ProcessId, listeners.Metrics?.ToString());
        var json = JsonSerializer.SerializeToUtf8Bytes(addresses, PlantonJson.Indented.ServerAddresses);
        await AtomicFile.WriteAsync(AddressesFile, json, cancellationToken).ConfigureAwait(false);
        if (options.PublicTunnel is null && ListenAddress.IsWildcard(options.Tunnel))
            LogGuessedTunnel(endpoints.Tunnel);
        if (options.PublicUrl is null && ListenAddress.IsWildcard(options.Http))
            LogGuessedUrl(endpoints.Url);
        LogReady(http, tunnel, data.Path);
        if (addresses.Metrics is { } metrics)
            LogMetrics(metrics);
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        _stopBegan = time.GetTimestamp();
        // What is in progress when the time to drain is over is aborted by the listeners, and gone when they have stopped.
        cancellationToken.Register(() => _aborted = operations.Count);
        state.MoveTo(ServerState.Phase.Stopping);
        RemoveAddresses();
        LogStopping(options.DrainTimeout);
        if (options.StopDelay > TimeSpan.Zero)
            await Task.Delay(options.StopDelay, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken)
    {
        LogStopped(time.GetElapsedTime(_stopBegan).TotalSeconds, _aborted);
        return Task.CompletedTask;
    }

    // A stop goes on whatever the disk does: there is more to end than this file.
    private void RemoveAddresses()
    {
        try
        {
            File.Delete(AddressesFile);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogAddressesLeft(AddressesFile, exception.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{File} could not be removed: {Reason}")]
    private partial void LogAddressesLeft(string file, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Ready: API on {Http}, gateway on {Tunnel}, data in {Data}")]
    private partial void LogReady(string http, string tunnel, string data);

    [LoggerMessage(Level = LogLevel.Information, Message = "Metrics on http://{Metrics}/metrics, without a key")]
    private partial void LogMetrics(string metrics);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Runners are told to dial {Tunnel}, which is this machine's name: give --public-tunnel if they reach it by another")]
    private partial void LogGuessedTunnel(string tunnel);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Runners are told that the API is at {Url}, which is this machine's name: give --public-url if they reach it by another")]
    private partial void LogGuessedUrl(string url);

    [LoggerMessage(Level = LogLevel.Information, Message = "Stopping: requests under way have {DrainTimeout} to end")]
    private partial void LogStopping(TimeSpan drainTimeout);

    [LoggerMessage(Level = LogLevel.Information, Message = "Stopped after {Seconds:0.0} s; {Aborted} operations aborted")]
    private partial void LogStopped(double seconds, int aborted);
}
