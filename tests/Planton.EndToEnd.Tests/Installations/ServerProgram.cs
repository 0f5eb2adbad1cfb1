using System.Text.Json;
using Planton.Api;
using Planton.Api.Server;
using Planton.Testing.Network;
using Planton.Testing.Processes;
using Planton.Testing.Programs;

namespace Planton.EndToEnd.Tests.Installations;

/// <summary>A control plane: one data folder, and the process that serves it now.</summary>
internal sealed class ServerProgram : IAsyncDisposable
{
    /// <summary><c>--drain-timeout</c>: what is in flight when a test stops the server is there to be aborted.</summary>
    public static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(120);

    // A start is work for the processor: more of them at once than there are cores only make each other late.
    private static readonly SemaphoreSlim Starts = new(Environment.ProcessorCount);

    private readonly ServerData _stored;

    private ServerProgram(ServerData stored) => (_stored, DatabaseUrl) = (stored, stored.Url);

    /// <summary>The folder behind <c>--data</c>.</summary>
    public string Data => _stored.Folder;

    public DatabaseKind Database => _stored.Database;

    /// <summary>Of PostgreSQL; null on SQLite.</summary>
    public string? DatabaseUrl { get; }

    public ProgramProcess Process { get; private set; } = null!;

    public ServerAddresses Addresses { get; private set; } = null!;

    // The URL holds a password, so it is not an argument.
    private Dictionary<string, string?> Variables
    {
        get
        {
            var variables = CleanEnvironment.Variables(Data);
            if (DatabaseUrl is not null)
                variables["PLANTON_SERVER_DATABASE"] = DatabaseUrl;
            return variables;
        }
    }

    public string InitialKey => File.ReadAllText(Path.Combine(Data, "initial-admin-key")).Trim();

    /// <summary>Starts a server on free ports, and returns when it serves.</summary>
    public static async Task<ServerProgram> StartAsync(ServerData stored, CancellationToken cancellationToken)
    {
        var server = new ServerProgram(stored);
        await server.StartAsync($"127.0.0.1:{FreePort.Find()}", $"127.0.0.1:{FreePort.Find()}", cancellationToken);
        return server;
    }

    /// <summary>Stops it as an operator does, and returns when it has ended.</summary>
    public async Task StopAsync()
    {
        Process.Signal(ProcessSignal.Terminate);
        var code = await Process.WaitForExitAsync(StartTimeout, TestContext.Current.CancellationToken);
        Assert.True(code == 0, $"exit code {code}\n{Process.Describe()}");
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
        await Starts.WaitAsync(cancellationToken);
        try
        {
            Process = ProgramProcess.Start(
                ProgramFiles.Server,
                ["--http", http, "--tunnel", tunnel, "--data", Data, "--drain-timeout", $"{DrainTimeout.TotalSeconds:0}"],
                Variables);
            await Eventually.BecomesTrueAsync(IsReady, "the server writes addresses.json", StartTimeout, cancellationToken);
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException($"{exception.Message}\n{Process.Describe()}", exception);
        }
        finally
        {
            Starts.Release();
        }
    }

    private bool IsReady()
    {
        if (Process.HasExited)
            throw new InvalidOperationException($"the server ended at once\n{Process.Describe()}");
        var file = Path.Combine(Data, "addresses.json");
        try
        {
            Addresses = JsonSerializer.Deserialize(File.ReadAllBytes(file), PlantonJson.Default.ServerAddresses)!;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }

        // A killed server leaves its file behind until the next one starts.
        return Addresses.Pid == Process.Id;
    }
}
