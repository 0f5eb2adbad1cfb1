using System.Diagnostics;
using System.Globalization;
using Npgsql;
using Planton.Testing.Network;

namespace Planton.Testing.Databases;

/// <summary>A real PostgreSQL on loopback, in a folder of its own, started by the first test that asks and ended with the last.</summary>
public sealed class PostgreSqlServer : IDisposable
{
    private const string User = "planton";
    private const string Password = "p@ss/w:rd";
    private static readonly Lock Gate = new();
    private static PostgreSqlServer? _only;

    private readonly string _folder = Directory.CreateTempSubdirectory("planton-postgres-").FullName;
    private readonly Process _server;
    private readonly int _port;

    private PostgreSqlServer()
    {
        _port = FreePort.Find();
        var passwordFile = Path.Combine(_folder, "password");
        File.WriteAllText(passwordFile, Password + "\n");
        if (Environment.IsPrivilegedProcess)
            Finish(Process.Start("chown", ["-R", "postgres", _folder]));
        var data = Path.Combine(_folder, "data");
        Finish(Start("initdb", ["-D", data, "-U", User, "-A", "scram-sha-256", "--pwfile", passwordFile, "-E", "UTF8", "--locale", "C.UTF-8", "--no-sync"]));
        _server = Start("postgres",
        [
            "-D", data, "-p", _port.ToString(CultureInfo.InvariantCulture), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=",
            "-c", "fsync=off", "-c", "max_connections=400", "-c", "shared_buffers=64MB", "-c", "log_destination=stderr", "-c", "logging_collector=off",
        ]);
    }

    /// <summary>What <c>--database</c> is given for a database, which is made when it is not there.</summary>
    /// <param name="database">Its name.</param>
    /// <param name="password">Instead of the right one if given.</param>
    /// <param name="copyOf">Another database, without connections to it, that it begins as a copy of; else it begins empty.</param>
    public static string UrlOf(string database, string? password = null, string? copyOf = null)
    {
        lock (Gate)
        {
            _only ??= new PostgreSqlServer();
            return _only.Url(database, password, copyOf);
        }
    }

    /// <summary>The folder of everything it stores.</summary>
    public static string Data
    {
        get
        {
            lock (Gate)
                return Path.Combine((_only ??= new PostgreSqlServer())._folder, "data");
        }
    }

    /// <summary>Stops it, when it was started.</summary>
    public static void End()
    {
        lock (Gate)
            _only?.Dispose();
        _only = null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _server.Kill();
        _server.WaitForExit();
        _server.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private string Url(string database, string? password, string? copyOf)
    {
        var name = database.ToLowerInvariant();
        using var connection = Connect();
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT count(*) FROM pg_database WHERE datname = '{name}' COLLATE \"C\"";
        if ((long)command.ExecuteScalar()! == 0)
        {
            command.CommandText = $"CREATE DATABASE \"{name}\" TEMPLATE \"{copyOf ?? "template1"}\"";
            command.ExecuteNonQuery();
        }

        return $"postgres://{User}:{Uri.EscapeDataString(password ?? Password)}@127.0.0.1:{_port}/{name}?pool_size=20";
    }

    // It takes connections a moment after it started.
    private NpgsqlConnection Connect()
    {
        var settings = new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1", Port = _port, Username = User, Password = Password, Database = "postgres", MaxPoolSize = 2,
        };
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var connection = new NpgsqlConnection(settings.ConnectionString);
            try
            {
                connection.Open();
                return connection;
            }
            catch (NpgsqlException) when (TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(30) && !_server.HasExited)
            {
                connection.Dispose();
                _server.WaitForExit(100);
            }
        }
    }

    // PostgreSQL does not run as root.
    private static Process Start(string program, string[] arguments)
    {
        var path = Find(program);
        var info = Environment.IsPrivilegedProcess
            ? new ProcessStartInfo("setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", path, .. arguments])
            : new ProcessStartInfo(path, arguments);
        info.WorkingDirectory = "/";
        info.RedirectStandardOutput = info.RedirectStandardError = true;
        var process = Process.Start(info)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static string Find(string program)
    {
        var installed = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").Select(folder => Path.Combine(folder, "bin", program)).LastOrDefault(File.Exists)
            : null;
        return installed ?? RequiredTool.OnPath(program, "postgresql");
    }

    private static void Finish(Process process)
    {
        using (process)
        {
            Assert.True(process.WaitForExit(TimeSpan.FromSeconds(60)), $"{process.StartInfo.FileName} did not end");
            Assert.Equal(0, process.ExitCode);
        }
    }
}
