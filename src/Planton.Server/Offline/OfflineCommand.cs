using System.CommandLine;
using Planton.Server.Hosting;

namespace Planton.Server.Offline;

/// <summary>A command on a server's data: its flags, and its faults in the server's own words.</summary>
internal sealed class OfflineCommand
{
    private readonly ServerFlag _data = new("--data", "DIR", "Folder of the server. Default: ./data");
    private readonly ServerFlag _database = new("--database", "URL", "Database, as the server is given it. Default: SQLite in --data");
    private readonly ServerFlag _masterKeyFile = new("--master-key-file", "FILE", "The master key, as the server is given it. Default: in --data");
    private readonly Func<string, string?> _environment;
    private readonly TextWriter _errors;

    public OfflineCommand(
        string name, string description, TextWriter errors, Func<string, string?> environment,
        Func<ServerOptions, ParseResult, CancellationToken, Task<int>> run)
    {
        (_errors, _environment) = (errors, environment);
        Command = new Command(name, description);
        foreach (var flag in new[] { _data, _database, _masterKeyFile })
            Command.Options.Add(flag.Option);
        Command.SetAction((parsed, cancellationToken) => RunAsync(parsed, run, cancellationToken));
    }

    public Command Command { get; }

    private async Task<int> RunAsync(
        ParseResult parsed, Func<ServerOptions, ParseResult, CancellationToken, Task<int>> run, CancellationToken cancellationToken)
    {
        var (options, faults) = ServerOptionsReader.Read(new ServerSettings
        {
            Data = _data.Value(parsed, _environment),
            Database = _database.Value(parsed, _environment),
            MasterKeyFile = _masterKeyFile.Value(parsed, _environment),
        });
        foreach (var fault in faults)
            await _errors.WriteLineAsync($"planton-server: {fault}").ConfigureAwait(false);
        if (faults.Count > 0)
            return ServerExit.Configuration;
        try
        {
            return await run(options, parsed, cancellationToken).ConfigureAwait(false);
        }
        catch (StartupException exception)
        {
            await _errors.WriteLineAsync($"planton-server: {exception.Message}").ConfigureAwait(false);
            return ServerExit.Configuration;
        }
    }
}
