using System.Globalization;
using Planton.Api;
using Planton.Server.CertificateAuthority;
using Planton.Server.Quotas;
using Planton.Server.Storage.PostgreSql;

namespace Planton.Server.Hosting;

/// <summary>From settings to options. Every fault is found, so that they are mended in one go.</summary>
internal static class ServerOptionsReader
{
    private const int MaxSeconds = 3600;
    private const int MaxCertificateDays = 397;

    public static (ServerOptions Options, IReadOnlyList<string> Faults) Read(ServerSettings settings)
    {
        var defaults = new ServerOptions();
        var faults = new List<string>();
        var options = new ServerOptions
        {
            DataDirectory = settings.Data ?? defaults.DataDirectory,
            Http = Listen("--http", settings.Http, defaults.Http, faults),
            Tunnel = Listen("--tunnel", settings.Tunnel, defaults.Tunnel, faults),
            PublicUrl = Url("--public-url", settings.PublicUrl, faults),
            PublicTunnel = PublicTunnel(settings.PublicTunnel, faults),
            Database = Database(settings.Database, faults),
            MasterKeyFile = ExistingFile("--master-key-file", settings.MasterKeyFile, faults),
            TlsCertificateFile = ExistingFile("--tls-cert", settings.TlsCertificate, faults),
            TlsKeyFile = ExistingFile("--tls-key", settings.TlsKey, faults),
            InsecureHttp = Flag("--insecure-http", settings.InsecureHttp, faults),
            LogLevel = Level(settings.LogLevel, defaults.LogLevel, faults),
            JsonLogs = Format(settings.LogFormat, faults),
            DrainTimeout = TimeSpan.FromSeconds(
                Number("--drain-timeout", settings.DrainTimeout, (int)defaults.DrainTimeout.TotalSeconds, 0, MaxSeconds, faults)),
            StopDelay = TimeSpan.FromSeconds(Number("--stop-delay", settings.StopDelay, 0, 0, MaxSeconds, faults)),
            Quotas = QuotaReader.Read(settings.Quota, fault => Fault(faults, "--quota", fault)),
            Certificates = new CertificateOptions
            {
                Lifetime = TimeSpan.FromDays(Number(
                    "--certificate-days", settings.CertificateDays, (int)defaults.Certificates.Lifetime.TotalDays, 1, MaxCertificateDays, faults)),
            },
        };
        if (settings.Data is { Length: 0 })
            Fault(faults, "--data", "is empty");
        CheckTls(settings, options, faults);
        return (options, faults);
    }

    // Without what was given: it may hold a password.
    private static PostgreSqlUrl? Database(string? text, List<string> faults)
    {
        if (text is null)
            return null;
        var (url, fault) = PostgreSqlUrl.Parse(text);
        if (fault is not null)
            Fault(faults, "--database", fault);
        return url;
    }

    private static void CheckTls(ServerSettings settings, ServerOptions options, List<string> faults)
    {
        if (settings.TlsCertificate is null != settings.TlsKey is null)
            Fault(faults, settings.TlsCertificate is null ? "--tls-cert" : "--tls-key", "--tls-cert and --tls-key go together: one of them is missing");
        if (settings.TlsCertificate is null && settings.TlsKey is null && !options.InsecureHttp && !ListenAddress.IsLoopback(options.Http))
            Fault(
                faults, "--http",
                $"plain HTTP on {options.Http} would send API keys in the clear: give --tls-cert and --tls-key, listen on a loopback address, "
                + "or say --insecure-http when a TLS proxy stands in front");
    }

    private static HostAndPort Listen(string flag, string? text, HostAndPort fallback, List<string> faults)
    {
        if (text is null)
            return fallback;
        if (HostAndPort.TryParse(text, out var listen) && ListenAddress.TryResolve(listen, out _))
            return listen;
        Fault(faults, flag, $"\"{text}\" is not ADDRESS:PORT, such as 127.0.0.1:8080, 0.0.0.0:8080 or [::1]:8080");
        return fallback;
    }

    private static HostAndPort? PublicTunnel(string? text, List<string> faults)
    {
        if (text is null)
            return null;
        if (HostAndPort.TryParse(text, out var endpoint) && endpoint.Port > 0 && !ListenAddress.IsWildcard(endpoint))
            return endpoint;
        Fault(faults, "--public-tunnel", $"\"{text}\" is not HOST:PORT that runners can dial, such as tunnel.example.com:443");
        return null;
    }

    private static Uri? Url(string flag, string? text, List<string> faults)
    {
        if (text is null)
            return null;
        if (Uri.TryCreate(text, UriKind.Absolute, out var url)
            && url.Scheme is "http" or "https"
            && url.Query.Length == 0 && url.Fragment.Length == 0 && url.UserInfo.Length == 0)
            return url;
        Fault(faults, flag, "is not an http or https URL without user, query and fragment, such as https://planton.example.com");
        return null;
    }

    private static string? ExistingFile(string flag, string? path, List<string> faults)
    {
        if (path is not null && !File.Exists(path))
            Fault(faults, flag, $"{path} does not exist");
        return path;
    }

    private static bool Flag(string flag, string? text, List<string> faults)
    {
        if (text is null)
            return false;
        if (bool.TryParse(text, out var value))
            return value;
        if (text is "1" or "0")
            return text == "1";
        Fault(faults, flag, $"\"{text}\" is neither true nor false");
        return false;
    }

    private static LogLevel Level(string? text, LogLevel fallback, List<string> faults)
    {
        switch (text?.ToLowerInvariant())
        {
            case null: return fallback;
            case "trace": return LogLevel.Trace;
            case "debug": return LogLevel.Debug;
            case "info": return LogLevel.Information;
            case "warn": return LogLevel.Warning;
            case "error": return LogLevel.Error;
            default:
                Fault(faults, "--log-level", $"\"{text}\" is not one of trace, debug, info, warn, error");
                return fallback;
        }
    }

    private static bool Format(string? text, List<string> faults)
    {
        if (text is not (null or "text" or "json"))
            Fault(faults, "--log-format", $"\"{text}\" is neither text nor json");
        return text == "json";
    }

    private static int Number(string flag, string? text, int fallback, int least, int most, List<string> faults)
    {
        if (text is null)
            return fallback;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
            return number;
        Fault(faults, flag, $"\"{text}\" is not a whole number from {least} to {most}");
        return fallback;
    }

    private static void Fault(List<string> faults, string flag, string fault) =>
        faults.Add($"{flag} ({ServerFlag.EnvironmentOf(flag)}): {fault}");
}
