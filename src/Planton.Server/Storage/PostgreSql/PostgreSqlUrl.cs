using System.Globalization;
using System.Net;
using Npgsql;

namespace Planton.Server.Storage.PostgreSql;

/// <summary>
/// The value of <c>--database</c>: <c>postgres://user:password@host:port/name?sslrootcert=ca.pem</c>. Another machine is reached over
/// TLS with its certificate verified, unless the URL says otherwise. Prints no password.
/// </summary>
internal sealed class PostgreSqlUrl
{
    private const int MaxPool = 1000;
    private const int DefaultPool = 50;

    private readonly NpgsqlConnectionStringBuilder _settings;

    private PostgreSqlUrl(NpgsqlConnectionStringBuilder settings) => _settings = settings;

    /// <summary>With the password: for the driver alone.</summary>
    public string ConnectionString => _settings.ConnectionString;

    /// <summary>The database, or what is wrong with the text; the fault quotes nothing of it, because it may hold a password.</summary>
    public static (PostgreSqlUrl? Url, string? Fault) Parse(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("postgres" or "postgresql"))
            return (null, "is not postgres://user:password@host/name");
        var name = Uri.UnescapeDataString(uri.AbsolutePath.TrimStart('/'));
        if (name.Length == 0 || name.Contains('/', StringComparison.Ordinal))
            return (null, "names no database: postgres://user:password@host/name");
        var user = uri.UserInfo.Split(':', 2);
        var settings = new NpgsqlConnectionStringBuilder
        {
            Host = uri.Host.Length > 0 ? uri.Host.Trim('[', ']') : "localhost",
            Port = uri.Port > 0 ? uri.Port : NpgsqlConnection.DefaultPort,
            Database = name,
            Username = user[0].Length > 0 ? Uri.UnescapeDataString(user[0]) : null,
            Password = user.Length > 1 ? Uri.UnescapeDataString(user[1]) : null,
            ApplicationName = "planton-server",
            MaxPoolSize = DefaultPool,
            Timeout = 15,
            CommandTimeout = 30,
            // A dead peer is found in half a minute, not when the system gives it up.
            KeepAlive = 30,
        };
        var parameters = uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=', 2)).ToList();
        var fault = parameters.Select(pair => Set(settings, pair)).FirstOrDefault(fault => fault is not null);
        if (fault is not null)
            return (null, fault);
        // Not the driver's default, which goes on in the clear with whoever answers that TLS is not spoken here.
        if (!parameters.Exists(pair => pair[0] == "sslmode") && (settings.RootCertificate is not null || !IsOnThisMachine(settings.Host)))
            settings.SslMode = SslMode.VerifyFull;
        return (new PostgreSqlUrl(settings), null);
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"postgres://{_settings.Username}@{_settings.Host}:{_settings.Port}/{_settings.Database}");

    // The names are libpq's.
    private static string? Set(NpgsqlConnectionStringBuilder settings, string[] pair)
    {
        var value = pair.Length > 1 ? Uri.UnescapeDataString(pair[1]) : "";
        switch (pair[0])
        {
            case "sslmode" when Mode(value) is { } mode:
                settings.SslMode = mode;
                return null;
            case "sslmode":
                return "sslmode must be disable, allow, prefer, require, verify-ca or verify-full";
            // libpq's word for the certificates that this machine trusts, which are also the driver's default.
            case "sslrootcert" when value == "system":
                return null;
            case "sslrootcert" when File.Exists(value):
                settings.RootCertificate = value;
                return null;
            case "sslrootcert":
                return "sslrootcert names a file that does not exist";
            case "host" when value.Length > 0:
                settings.Host = value;
                return null;
            case "pool_size" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size is >= 2 and <= MaxPool:
                settings.MaxPoolSize = size;
                return null;
            case "pool_size":
                return $"pool_size must be 2 to {MaxPool}";
            default:
                return "takes the parameters sslmode, sslrootcert, host (a socket's folder) and pool_size only";
        }
    }

    // A socket's folder, or a loopback address. Of several hosts, any may be the one that answers.
    private static bool IsOnThisMachine(string? hosts) => hosts?.Split(',', StringSplitOptions.TrimEntries)
        .All(host => host is ['/' or '@', ..]
            || host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address))) == true;

    private static SslMode? Mode(string text) => text switch
    {
        "disable" => SslMode.Disable,
        "allow" => SslMode.Allow,
        "prefer" => SslMode.Prefer,
        "require" => SslMode.Require,
        "verify-ca" => SslMode.VerifyCA,
        "verify-full" => SslMode.VerifyFull,
        _ => null,
    };
}
