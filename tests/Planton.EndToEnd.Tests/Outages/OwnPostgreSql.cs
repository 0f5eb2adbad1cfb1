using System.Diagnostics;
using System.Globalization;
using Npgsql;
using Planton.Testing.Network;
using Planton.Testing.Processes;

namespace Planton.EndToEnd.Tests.Outages;

/// <summary>A PostgreSQL on loopback that one test has for itself, to kill it and start it again.</summary>
internal sealed class OwnPostgreSql : IAsyncDisposable
{
    private const string User = "planton";
    private const string Database = "planton";

    private readonly string _folder = Directory.CreateTempSubdirectory("planton-own-postgres-").FullName;
    private readonly int _port = FreePort.Find();
    private Process? _server;

    private OwnPostgreSql()
    {
    }

    /// <summary>The part of <see cref="Url"/> that must be in no log.</summary>
    public static string Password => "not-for-the-log";

    public string Url => $"postgres://{User}:{Password}@127.0.0.1:{_port}/{Database}";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Data => Path.Combine(_folder, "data");

    /// <summary>Makes and starts one, with an empty database. Skips the test where PostgreSQL is not installed.</summary>
    public static async Task<OwnPostgreSql> StartAsync()
    {
        var initdb = Find("initdb");
        var own = new OwnPostgreSql();
        try
        {
            var password = Path.Combine(own._folder, "password");
            await File.WriteAllTextAsync(password, Password + "\n", Token);
            if (Environment.IsPrivilegedProcess)
                await RunAsync("chown", ["-R", "postgres", own._folder]);
            var (program, arguments) = Unprivileged(
                initdb, ["-D", own.Data, "-U", User, "-A", "scram-sha-256", "--pwfile", password, "-E", "UTF8", "--locale", "C.UTF-8", "--no-sync"]);
            await RunAsync(program, arguments);
            await own.StartAgainAsync();
            await using var connection = own.Connect("postgres");
            await connection.OpenAsync(Token);
            await using var command = connection.CreateCommand();
            command.CommandText = $"CREATE DATABASE {Database}";
            await command.ExecuteNonQueryAsync(Token);
            return own;
        }
        catch
        {
            await own.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends SIGKILL to the server and to the processes of its sessions, and returns when the server is gone.</summary>
    public async Task KillAsync()
    {
        _server!.Kill(entireProcessTree: true);
        await _server.WaitForExitAsync(Token);
    }

    /// <summary>Ends it as an administrator does (<c>pg_ctl stop</c>), and returns when it is gone.</summary>
    /// <param name="immediate">Without a shutdown: the next start recovers. Otherwise sessions are ended and everything is written.</param>
    public async Task StopAsync(bool immediate)
    {
        ProgramProcess.Signal(_server!.Id, immediate ? ProcessSignal.Quit : ProcessSignal.Interrupt);
        await _server.WaitForExitAsync(Token);
    }

    /// <summary>Freezes it with all its sessions: connections stay open, and new ones are taken by the system, and nobody answers.</summary>
    public void Pause() => SignalAll(ProcessSignal.Stop);

    /// <summary>Lets it go on.</summary>
    public void Continue() => SignalAll(ProcessSignal.Continue);

    /// <summary>Starts it on the same files and the same port, and returns when it takes connections.</summary>
    public async Task StartAgainAsync()
    {
        // A killed PostgreSQL loses nothing that it had handed to the system, so that writing through to the disk (fsync) adds nothing here.
        var (program, arguments) = Unprivileged(Find("postgres"),
        [
            "-D", Data, "-p", _port.ToString(CultureInfo.InvariantCulture), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=",
            "-c", "fsync=off", "-c", "shared_buffers=32MB", "-c", "log_destination=stderr", "-c", "logging_collector=off",
        ]);
        await Eventually.BecomesTrueAsync(
            async () =>
            {
                // A session that has not noticed the death of the server yet keeps the next one from starting.
                if (_server is null or { HasExited: true })
                    _server = Start(program, arguments);
                return await AnswersAsync();
            },
            "PostgreSQL takes connections", TimeSpan.FromSeconds(30), Token);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is { HasExited: false })
        {
            _server.Kill(entireProcessTree: true);
            await _server.WaitForExitAsync(CancellationToken.None);
        }

        _server?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private void SignalAll(ProcessSignal signal)
    {
        // The server itself first: a frozen one makes no new sessions.
        ProgramProcess.Signal(_server!.Id, signal);
        foreach (var folder in Directory.GetDirectories("/proc").Where(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out _)))
        {
            if (ParentOf(folder) == _server.Id)
                ProgramProcess.Signal(int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture), signal);
        }
    }

    // The second field after the name in brackets, which may hold anything.
    private static int ParentOf(string folder)
    {
        try
        {
            var text = File.ReadAllText(Path.Combine(folder, "stat"));
            return int.Parse(text[(text.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            // It has ended meanwhile.
            return 0;
        }
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            await using var connection = Connect("postgres");
            await connection.OpenAsync(Token);
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private NpgsqlConnection Connect(string database) => new(new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1", Port = _port, Username = User, Password = Password, Database = database, Pooling = false, Timeout = 5,
    }.ConnectionString);

    private static Process Start(string program, string[] arguments)
    {
        var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = "/", RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static async Task RunAsync(string program, string[] arguments)
    {
        var result = await ProgramProcess.RunAsync(program, arguments, cancellationToken: Token);
        Assert.True(result.ExitCode == 0, $"{program}: {result}");
    }

    // PostgreSQL does not run as root.
    private static (string Program, string[] Arguments) Unprivileged(string program, string[] arguments) => Environment.IsPrivilegedProcess
        ? ("setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", program, .. arguments])
        : (program, arguments);

    private static string Find(string program)
    {
        const string Installed = "/usr/lib/postgresql";
        return (Directory.Exists(Installed) ? Directory.GetDirectories(Installed) : [])
            .Select(folder => Path.Combine(folder, "bin", program))
            .LastOrDefault(File.Exists) ?? RequiredTool.OnPath(program, "postgresql");
    }
}
