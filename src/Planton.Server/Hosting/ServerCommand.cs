using System.CommandLine;
using Planton.Server.Offline;

namespace Planton.Server.Hosting;

/// <summary>The command line of <c>planton-server</c>.</summary>
internal sealed class ServerCommand
{
    private const string Description =
        """
        The control plane of Planton: the API, and the gateway that runners dial.

        Examples:
          planton-server --data /var/lib/planton
              for a try on this machine: API on 127.0.0.1:8080, gateway on 127.0.0.1:8443
          planton-server --data /var/lib/planton --http 0.0.0.0:443 --tls-cert tls.pem --tls-key tls.key \
                         --public-url https://planton.example.com --tunnel 0.0.0.0:8443 --public-tunnel tunnel.example.com:8443
              for others to reach
          planton-server --data /var/lib/planton --http 0.0.0.0:8080 --insecure-http --public-url https://planton.example.com
              behind a proxy that speaks TLS

        The first start makes user admin, whose API key is then in DATA/initial-admin-key.
        """;

    private readonly ServerFlag _data = new("--data", "DIR", "Folder of the database, the master key and the certificates; made if missing, closed to others. Default: ./data");
    private readonly ServerFlag _http = new("--http", "ADDR:PORT", "Where the API listens; port 0 picks a free one. Default: 127.0.0.1:8080");
    private readonly ServerFlag _tunnel = new("--tunnel", "ADDR:PORT", "Where the gateway listens (always mutual TLS). Default: 127.0.0.1:8443");
    private readonly ServerFlag _publicUrl = new("--public-url", "URL", "How runners and clients reach the API. Default: from --http");
    private readonly ServerFlag _publicTunnel = new("--public-tunnel", "HOST:PORT", "How runners reach the gateway. Default: from --tunnel");
    private readonly ServerFlag _database = new("--database", "URL", "PostgreSQL: postgres://user:password@host/name. Better in the variable than here, where every process can read it. Default: SQLite in --data");
    private readonly ServerFlag _masterKeyFile = new("--master-key-file", "FILE", "Encrypts the CA key and secrets at rest: 32 bytes in base64, mode 0600. Default: made in --data");
    private readonly ServerFlag _tlsCert = new("--tls-cert", "FILE", "Certificate of the API with its intermediates (PEM); with --tls-key");
    private readonly ServerFlag _tlsKey = new("--tls-key", "FILE", "Private key of --tls-cert (PEM)");
    private readonly ServerFlag _insecureHttp = new("--insecure-http", "", "Allow plain HTTP on an address that is not loopback, because a TLS proxy stands in front", isSwitch: true);
    private readonly ServerFlag _logLevel = new("--log-level", "LEVEL", "trace, debug, info, warn or error. Default: info");
    private readonly ServerFlag _logFormat = new("--log-format", "FORMAT", "text or json, on stderr. Default: text");
    private readonly ServerFlag _drainTimeout = new("--drain-timeout", "SECONDS", "How long requests under way may take to end at a stop. Default: 20");
    private readonly ServerFlag _stopDelay = new("--stop-delay", "SECONDS", "How long to go on serving, not ready, before a stop, for load balancers to notice. Default: 0");
    private readonly ServerFlag _certificateDays = new("--certificate-days", "DAYS", "How long runner and server certificates live. Default: 90");
    private readonly ServerFlag _quota = new("--quota", "NAME=VALUE", "What one caller, organization, runner or address may use; repeat it, or write commas. Names and defaults: docs/reference/server.md#quotas", isList: true);

    private readonly TextWriter _output;
    private readonly TextWriter _errors;
    private readonly Func<string, string?> _environment;
    private readonly Func<ServerOptions, TextWriter, CancellationToken, Task<int>> _run;

    public ServerCommand(
        TextWriter output, TextWriter errors, Func<string, string?> environment, Func<ServerOptions, TextWriter, CancellationToken, Task<int>> run)
    {
        (_output, _errors, _environment, _run) = (output, errors, environment, run);
        Root = new RootCommand(Description);
        foreach (var flag in Flags)
            Root.Options.Add(flag.Option);
        Root.SetAction(RunAsync);
        foreach (var command in OfflineCommands.Make(output, errors, environment))
            Root.Subcommands.Add(command);
    }

    public RootCommand Root { get; }

    /// <summary>Parses and runs; returns the exit code.</summary>
    public async Task<int> InvokeAsync(string[] arguments, CancellationToken cancellationToken = default)
    {
        var parsed = Root.Parse(arguments);
        // The host handles SIGTERM and SIGINT itself: it drains, which takes longer than the parser would wait.
        var configuration = new InvocationConfiguration { ProcessTerminationTimeout = null, Output = _output, Error = _errors };
        var exit = await parsed.InvokeAsync(configuration, cancellationToken).ConfigureAwait(false);
        return parsed.Errors.Count > 0 ? ServerExit.Configuration : exit;
    }

    private ServerFlag[] Flags =>
    [
        _data, _http, _tunnel, _publicUrl, _publicTunnel, _database, _masterKeyFile, _tlsCert, _tlsKey, _insecureHttp,
        _logLevel, _logFormat, _drainTimeout, _stopDelay, _certificateDays, _quota,
    ];

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var (options, faults) = ServerOptionsReader.Read(Settings(parsed));
        if (faults.Count == 0)
            return await _run(options, _errors, cancellationToken).ConfigureAwait(false);
        foreach (var fault in faults)
            await _errors.WriteLineAsync($"planton-server: {fault}").ConfigureAwait(false);
        return ServerExit.Configuration;
    }

    private ServerSettings Settings(ParseResult parsed)
    {
        return new ServerSettings
        {
            Data = Value(_data),
            Http = Value(_http),
            Tunnel = Value(_tunnel),
            PublicUrl = Value(_publicUrl),
            PublicTunnel = Value(_publicTunnel),
            Database = Value(_database),
            MasterKeyFile = Value(_masterKeyFile),
            TlsCertificate = Value(_tlsCert),
            TlsKey = Value(_tlsKey),
            InsecureHttp = Value(_insecureHttp),
            LogLevel = Value(_logLevel),
            LogFormat = Value(_logFormat),
            DrainTimeout = Value(_drainTimeout),
            StopDelay = Value(_stopDelay),
            CertificateDays = Value(_certificateDays),
            Quota = Value(_quota),
        };

        string? Value(ServerFlag flag) => flag.Value(parsed, _environment);
    }
}
