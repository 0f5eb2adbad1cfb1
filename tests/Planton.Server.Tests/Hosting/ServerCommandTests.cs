using Planton.Server.Hosting;

namespace Planton.Server.Tests.Hosting;

public sealed class ServerCommandTests
{
    private readonly StringWriter _errors = new();
    private readonly Dictionary<string, string> _environment = [];
    private ServerOptions? _started;

    [Fact]
    public async Task FlagsWinOverTheEnvironment()
    {
        _environment["PLANTON_SERVER_HTTP"] = "127.0.0.1:1111";
        _environment["PLANTON_SERVER_TUNNEL"] = "127.0.0.1:2222";
        Assert.Equal(0, await RunAsync("--http", "127.0.0.1:3333"));
        Assert.Equal((3333, 2222), (_started!.Http.Port, _started.Tunnel.Port));
    }

    [Fact]
    public async Task AnEmptyVariableIsNotGiven()
    {
        _environment["PLANTON_SERVER_DATABASE"] = "";
        Assert.Equal(0, await RunAsync());
        Assert.NotNull(_started);
    }

    [Fact]
    public async Task ASwitchNeedsNoValue()
    {
        Assert.Equal(0, await RunAsync("--http", "0.0.0.0:0", "--insecure-http"));
        Assert.True(_started!.InsecureHttp);
        Assert.Equal(0, await RunAsync("--insecure-http", "--http", "0.0.0.0:0"));
        Assert.True(_started!.InsecureHttp);
    }

    [Fact]
    public async Task ASwitchMayComeFromTheEnvironment()
    {
        _environment["PLANTON_SERVER_INSECURE_HTTP"] = "true";
        Assert.Equal(0, await RunAsync("--http", "0.0.0.0:0"));
        Assert.True(_started!.InsecureHttp);
    }

    [Fact]
    public async Task FaultsEndWithTwoAndNothingStarts()
    {
        _environment["PLANTON_SERVER_LOG_LEVEL"] = "loud";
        Assert.Equal(2, await RunAsync("--http", "nowhere"));
        Assert.Null(_started);
        var lines = _errors.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.All(lines, line => Assert.StartsWith("planton-server: --", line, StringComparison.Ordinal));
    }

    [Fact]
    public void EveryFlagNamesItsVariable()
    {
        (string Flag, string Variable)[] documented =
        [
            ("--data", "[PLANTON_SERVER_DATA]"), ("--http", "[PLANTON_SERVER_HTTP]"), ("--tunnel", "[PLANTON_SERVER_TUNNEL]"),
            ("--public-url", "[PLANTON_SERVER_PUBLIC_URL]"), ("--public-tunnel", "[PLANTON_SERVER_PUBLIC_TUNNEL]"),
            ("--database", "[PLANTON_SERVER_DATABASE]"), ("--master-key-file", "[PLANTON_SERVER_MASTER_KEY_FILE]"),
            ("--tls-cert", "[PLANTON_SERVER_TLS_CERT]"), ("--tls-key", "[PLANTON_SERVER_TLS_KEY]"), ("--insecure-http", "[PLANTON_SERVER_INSECURE_HTTP]"),
            ("--log-level", "[PLANTON_SERVER_LOG_LEVEL]"), ("--log-format", "[PLANTON_SERVER_LOG_FORMAT]"),
            ("--drain-timeout", "[PLANTON_SERVER_DRAIN_TIMEOUT]"), ("--stop-delay", "[PLANTON_SERVER_STOP_DELAY]"),
            ("--certificate-days", "[PLANTON_SERVER_CERTIFICATE_DAYS]"), ("--quota", "[PLANTON_SERVER_QUOTA]"),
        ];
        var flags = Command().Root.Options.Where(option => option.Name is not ("--version" or "--help")).ToList();
        Assert.Equal(documented.Select(row => row.Flag).Order(StringComparer.Ordinal), flags.Select(flag => flag.Name).Order(StringComparer.Ordinal));
        Assert.All(documented, row => Assert.Contains(row.Variable, flags.Single(flag => flag.Name == row.Flag).Description, StringComparison.Ordinal));
    }

    private ServerCommand Command() => new(TextWriter.Null, _errors, _environment.GetValueOrDefault, (options, _, _) =>
    {
        _started = options;
        return Task.FromResult(0);
    });

    private Task<int> RunAsync(params string[] arguments) =>
        Command().InvokeAsync(arguments, TestContext.Current.CancellationToken);
}
