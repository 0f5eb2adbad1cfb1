using System.Text.Json;
using Planton.Api;
using Planton.Api.Server;
using Planton.Testing.Databases;
using Planton.Testing.Processes;
using Planton.Testing.Programs;

namespace Planton.EndToEnd.Tests.Installations;

/// <summary>A control plane: one data folder, and the process that serves it now.</summary>
internal sealed class ServerProgram : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);

    private ServerProgram(string data) => Data = data;

    /// <summary>The folder behind <c>--data</c>.</summary>
    public string Data { get; }

    public ProgramProcess Process { get; private set; } = null!;

    public ServerAddresses Addresses { get; private set; } = null!;

    /// <summary>Of PostgreSQL, when this run's servers use it.</summary>
    public string DatabaseUrl => PostgreSqlServer.UrlOf(new DirectoryInfo(Data).Parent!.Name);

    // The database's URL holds a password, and is no argument therefore.
    private Dictionary<string, string?> Variables
    {
        get
        {
            var variables = CleanEnvironment.Variables(Data);
            if (PostgreSqlServer.IsWanted)
                variables["PLANTON_SERVER_DATABASE"] = DatabaseUrl;
            return variables;
        }
    }

    public string InitialKey => File.ReadAllText(Path.Combine(Data, "initial-admin-key")).Trim();

    /// <summary>Starts a server on free ports, and returns when it serves.</summary>
    public static async Task<ServerProgram> StartAsync(string data, CancellationToken cancellationToken)
    {
        var server = new ServerProgram(data);
        await server.StartAsync("127.0.0.1:0", "127.0.0.1:0", cancellationToken);
        return server;
    }

    /// <summary>Starts it again, where it was, after it was stopped or killed.</summary>
    public async Task StartAgainAsync(CancellationToken cancellationToken)
    {
        await Process.DisposeAsync();
        await StartAsync(new Uri(Addresses.Http).Authority, Addresses.Tunnel, cancellationToken);
    }

    /// <summary>Runs one of the program's commands on the data of the server, which must be stopped.</summary>
    public Task<ProgramResult> RunCommandAsync(params string[] arguments) =>
        ProgramProcess.RunAsync(ProgramFiles.Server, [.. arguments, "--data", Data], Variables, cancellationToken: TestContext.Current.CancellationToken);

    /// <summary>How much it has logged so far; what a later wait takes as its beginning.</summary>
    public int LogMark => Process.ErrorLines.Count;

    /// <summary>Waits for a line of its log that holds all the parts and comes after the mark.</summary>
    public async Task LogLineAsync(int mark, params string[] parts)
    {
        try
        {
            await Eventually.BecomesTrueAsync(
                () => Process.ErrorLines.Skip(mark).Any(line => parts.All(part => line.Contains(part, StringComparison.Ordinal))),
                $"the server logs \"{string.Join(" … ", parts)}\"",
                cancellationToken: TestContext.Current.CancellationToken);
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException($"{exception.Message}\n{Process.Describe()}", exception);
        }
    }

    public ValueTask DisposeAsync() => Process is null ? ValueTask.CompletedTask : Process.DisposeAsync();

    private async Task StartAsync(string http, string tunnel, CancellationToken cancellationToken)
    {
        Process = ProgramProcess.Start(
            ProgramFiles.Server, ["--http", http, "--tunnel", tunnel, "--data", Data, "--drain-timeout", "3"], Variables);
        var file = Path.Combine(Data, "addresses.json");
        try
        {
            await Eventually.BecomesTrueAsync(IsReady, "the server writes addresses.json", StartTimeout, cancellationToken);
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException($"{exception.Message}\n{Process.Describe()}", exception);
        }

        bool IsReady()
        {
            if (Process.HasExited)
                throw new InvalidOperationException($"the server ended at once\n{Process.Describe()}");
            if (!File.Exists(file))
                return false;
            Addresses = JsonSerializer.Deserialize(File.ReadAllBytes(file), PlantonJson.Default.ServerAddresses)!;
            // The file of a server that was killed stays until the next one is up.
            return Addresses.Pid == Process.Id;
        }
    }
}
