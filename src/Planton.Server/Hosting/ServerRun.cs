using System.Net.Sockets;
using Planton.Server.Encryption;
using Planton.Server.Storage;

namespace Planton.Server.Hosting;

/// <summary>Runs a server from start to stop.</summary>
internal static class ServerRun
{
    public static Task<int> RunAsync(ServerOptions options, TextWriter errors, CancellationToken cancellationToken) =>
        RunAsync(options, errors, null, cancellationToken);

    /// <param name="options">Validated.</param>
    /// <param name="errors">Where it says why it did not start, or why it ended.</param>
    /// <param name="configure">As <see cref="ServerApplication.Build"/> takes it.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task<int> RunAsync(
        ServerOptions options, TextWriter errors, Action<WebApplicationBuilder>? configure, CancellationToken cancellationToken)
    {
        try
        {
            await MasterKeyRecovery.RunAsync(options, cancellationToken).ConfigureAwait(false);
            var app = ServerApplication.Build(options, configure);
            await using var _ = app.ConfigureAwait(false);
            await app.StartAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                await app.WaitForShutdownAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (app.Lifetime.ApplicationStopping.IsCancellationRequested)
            {
                // The time to drain is over with requests under way, which are cut: a watch never ends by itself.
            }

            // One that fell ended the server, and has told the log why.
            return app.Services.GetServices<IHostedService>().OfType<BackgroundService>().Any(service => service.ExecuteTask is { IsFaulted: true })
                ? ServerExit.Failed
                : ServerExit.Ok;
        }
        catch (StartupException exception)
        {
            await errors.WriteLineAsync($"planton-server: {exception.Message}").ConfigureAwait(false);
            return ServerExit.Configuration;
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            // A port that somebody else has, or may not be had; or a disk that is full.
            await errors.WriteLineAsync($"planton-server: {exception.Message}").ConfigureAwait(false);
            return ServerExit.Failed;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ServerExit.Ok;
        }
        catch (Exception exception) when (DatabaseFaults.Of(exception) is { } fault)
        {
            await errors.WriteLineAsync($"planton-server: {fault.Describe()}: {exception.GetBaseException().Message}").ConfigureAwait(false);
            return ServerExit.Failed;
        }
        catch (Exception exception)
        {
            await errors.WriteLineAsync($"planton-server: ended by a fault of its own: {exception}").ConfigureAwait(false);
            return ServerExit.Failed;
        }
    }
}
