using System.Net.Sockets;
using Planton.Server.Encryption;

namespace Planton.Server.Hosting;

/// <summary>Runs a server from start to stop.</summary>
internal static class ServerRun
{
    public static async Task<int> RunAsync(ServerOptions options, TextWriter errors, CancellationToken cancellationToken)
    {
        try
        {
            await MasterKeyRecovery.RunAsync(options, cancellationToken).ConfigureAwait(false);
            var app = ServerApplication.Build(options);
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

            return ServerExit.Ok;
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
    }
}
