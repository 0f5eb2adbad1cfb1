using Planton.Server.Hosting;

namespace Planton.Server.Offline;

/// <summary><c>planton-server master-key rotate</c></summary>
internal static class MasterKeyRotateCommand
{
    public const string Description = "Puts everything that is encrypted under a new master key. The server must be stopped; the old key opens nothing afterwards";

    public static async Task<int> RunAsync(ServerOptions options, string? newFile, TextWriter output, CancellationToken cancellationToken)
    {
        var count = await new MasterKeyRotation(options, newFile).RunAsync(cancellationToken).ConfigureAwait(false);
        await output.WriteLineAsync(newFile is null
            ? $"{count} value(s) are under a new master key. Back it up, and start the server."
            : $"{count} value(s) are under the master key in {newFile}. Start the server with --master-key-file {newFile}, and delete the old file.").ConfigureAwait(false);
        return ServerExit.Ok;
    }
}
