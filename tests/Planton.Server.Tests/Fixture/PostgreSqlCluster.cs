using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;
using Planton.Server.Storage.PostgreSql;
using Planton.Server.Tests.Fixture;
using Planton.Testing;

[assembly: AssemblyFixture(typeof(PostgreSqlClusterEnd))]

namespace Planton.Server.Tests.Fixture;

/// <summary>A real PostgreSQL on loopback, in a folder of its own, started by the first test that asks and ended with the last.</summary>
internal sealed class PostgreSqlCluster : IDisposable
{
    private const string Password = "p@ss/w:rd";
    private static readonly Lock Gate = new();
    private static PostgreSqlCluster? _only;

    private readonly string _folder = Directory.CreateTempSubdirectory("planton-postgres-").FullName;
    private readonly Process _server;
    private readonly int _port;

    private PostgreSqlCluster()
    {
        _port = FreePort();
        var passwordFile = Path.Combine(_folder, "password");
        File.WriteAllText(passwordFile, Password + "\n");
        if (Environment.IsPrivilegedProcess)
            Finish(Process.Start("chown", ["-R", "postgres", _folder]));
        var data = Path.Combine(_folder, "data");
        Finish(Start("initdb", ["-D", data, "-U", "planton", "-A", "scram-sha-256", "--pwfile", passwordFile, "-E", "UTF8", "--locale", "C.UTF-8", "--no-sync"]));
        _server = Start("postgres",
        [
            "-D", data, "-p", _port.ToString(CultureInfo.InvariantCulture), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=",
            "-c", "fsync=off", "-c", "max_connections=400", "-c", "shared_buffers=64MB", "-c", "log_destination=stderr", "-c", "logging_collector=off",
        ]);
    }

    /// <summary>The database of a test's folder, made when it is not there; with <paramref name="password"/> instead of the right one if given.</summary>
    public static string UrlOf(TemporaryFolder folder, string? password = null)
    {
        lock (Gate)
        {
            _only ??= new PostgreSqlCluster();
            return _only.Url(folder, password);
        }
    }

    public static PostgreSqlUrl Of(TemporaryFolder folder) => PostgreSqlUrl.Parse(UrlOf(folder)).Url!;

    public static void End()
    {
        lock (Gate)
            _only?.Dispose();
        _only = null;
    }

    public void Dispose()
    {
        _server.Kill();
        _server.WaitForExit();
        _server.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private string Url(TemporaryFolder folder, string? password)
    {
        var name = Path.GetFileName(folder.Path).ToLowerInvariant();
        var head = $"postgres://planton:{Uri.EscapeDataString(Password)}@127.0.0.1:{_port}/";
        using var connection = Connect(PostgreSqlUrl.Parse(head + "postgres?pool_size=2").Url!);
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT count(*) FROM pg_database WHERE datname = '{name}' COLLATE \"C\"";
        if ((long)command.ExecuteScalar()! == 0)
        {
            command.CommandText = $"CREATE DATABASE \"{name}\"";
            command.ExecuteNonQuery();
        }

        return (password is null ? head : head.Replace(Uri.EscapeDataString(Password), password, StringComparison.Ordinal)) + $"{name}?pool_size=20";
    }

    // It takes connections a moment after it started.
    private NpgsqlConnection Connect(PostgreSqlUrl url)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var connection = new NpgsqlConnection(url.ConnectionString);
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
        return installed ?? RequiredTool.OnPath(program);
    }

    private static void Finish(Process process)
    {
        using (process)
        {
            Assert.True(process.WaitForExit(TimeSpan.FromSeconds(60)), $"{process.StartInfo.FileName} did not end");
            Assert.Equal(0, process.ExitCode);
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
