using Microsoft.Extensions.Logging;
using Planton.Server.Hosting;

namespace Planton.Server.Tests.Hosting;

public sealed class ServerOptionsReaderTests
{
    [Fact]
    public void WithoutSettings_TheDocumentedDefaultsHold()
    {
        var (options, faults) = ServerOptionsReader.Read(new ServerSettings());
        Assert.Empty(faults);
        Assert.Equal("./data", options.DataDirectory);
        Assert.Equal("127.0.0.1:8080", options.Http.ToString());
        Assert.Equal("127.0.0.1:8443", options.Tunnel.ToString());
        Assert.Null(options.Metrics);
        Assert.Null(options.PublicUrl);
        Assert.Null(options.PublicTunnel);
        Assert.False(options.InsecureHttp);
        Assert.Equal(LogLevel.Information, options.LogLevel);
        Assert.Equal(TimeSpan.FromDays(90), options.Certificates.Lifetime);
        Assert.Equal(TimeSpan.FromSeconds(20), options.DrainTimeout);
    }

    [Fact]
    public void EveryFaultIsToldAtOnceWithItsKey()
    {
        var (_, faults) = ServerOptionsReader.Read(new ServerSettings
        {
            Data = "",
            Http = "nowhere",
            Tunnel = "example.com:8443",
            Metrics = "9090",
            PublicUrl = "ftp://x",
            PublicTunnel = "tunnel.example.com",
            Database = "postgres://db",
            MasterKeyFile = "/does/not/exist",
            InsecureHttp = "perhaps",
            LogLevel = "loud",
            LogFormat = "xml",
            DrainTimeout = "-1",
            StopDelay = "x",
            CertificateDays = "0",
        });
        string[] keys =
        [
            "--data (PLANTON_SERVER_DATA): ", "--http (PLANTON_SERVER_HTTP): ", "--tunnel (PLANTON_SERVER_TUNNEL): ",
            "--metrics (PLANTON_SERVER_METRICS): ",
            "--public-url (PLANTON_SERVER_PUBLIC_URL): ", "--public-tunnel (PLANTON_SERVER_PUBLIC_TUNNEL): ",
            "--database (PLANTON_SERVER_DATABASE): ", "--master-key-file (PLANTON_SERVER_MASTER_KEY_FILE): ",
            "--insecure-http (PLANTON_SERVER_INSECURE_HTTP): ", "--log-level (PLANTON_SERVER_LOG_LEVEL): ",
            "--log-format (PLANTON_SERVER_LOG_FORMAT): ", "--drain-timeout (PLANTON_SERVER_DRAIN_TIMEOUT): ",
            "--stop-delay (PLANTON_SERVER_STOP_DELAY): ", "--certificate-days (PLANTON_SERVER_CERTIFICATE_DAYS): ",
        ];
        Assert.Equal(keys.Length, faults.Count);
        Assert.All(keys, key => Assert.Single(faults, fault => fault.StartsWith(key, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("127.0.0.1:0")]
    [InlineData("0.0.0.0:9090")]
    public void MetricsMayBeServedOnAnyAddress(string metrics)
    {
        var (options, faults) = ServerOptionsReader.Read(new ServerSettings { Metrics = metrics });
        Assert.Empty(faults);
        Assert.Equal(metrics, options.Metrics.ToString());
    }

    [Theory]
    [InlineData("0.0.0.0:8080")]
    [InlineData("192.0.2.1:8080")]
    [InlineData("[::]:8080")]
    public void PlainHttpForOthersIsRefused(string http)
    {
        var (_, faults) = ServerOptionsReader.Read(new ServerSettings { Http = http });
        var fault = Assert.Single(faults);
        Assert.Contains("--insecure-http", fault, StringComparison.Ordinal);
        Assert.Contains("--tls-cert", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("true")]
    [InlineData("1")]
    public void UnlessItIsSaidThatAProxyStandsInFront(string insecure)
    {
        var (options, faults) = ServerOptionsReader.Read(new ServerSettings { Http = "0.0.0.0:8080", InsecureHttp = insecure });
        Assert.Empty(faults);
        Assert.True(options.InsecureHttp);
    }

    [Theory]
    [InlineData("127.0.0.1:0")]
    [InlineData("127.8.8.8:80")]
    [InlineData("[::1]:8080")]
    [InlineData("localhost:8080")]
    public void PlainHttpOnLoopbackIsTaken(string http) =>
        Assert.Empty(ServerOptionsReader.Read(new ServerSettings { Http = http }).Faults);

    [Fact]
    public void ACertificateWithoutItsKeyIsRefused()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("tls.pem");
        File.WriteAllText(file, "");
        Assert.Contains(
            ServerOptionsReader.Read(new ServerSettings { TlsCertificate = file }).Faults,
            fault => fault.StartsWith("--tls-key", StringComparison.Ordinal));
        Assert.Contains(
            ServerOptionsReader.Read(new ServerSettings { TlsKey = file }).Faults,
            fault => fault.StartsWith("--tls-cert", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("https://user:secret@planton.example.com")]
    [InlineData("https://planton.example.com?x=1")]
    [InlineData("planton.example.com")]
    public void APublicUrlIsAUrlAlone_AndIsNotRepeated(string url)
    {
        var fault = Assert.Single(ServerOptionsReader.Read(new ServerSettings { PublicUrl = url }).Faults);
        Assert.DoesNotContain("secret", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0.0.0.0:443")]
    [InlineData("[::]:443")]
    [InlineData("tunnel.example.com:0")]
    public void APublicTunnelMustBeDialable(string tunnel) =>
        Assert.Single(ServerOptionsReader.Read(new ServerSettings { PublicTunnel = tunnel }).Faults);

    [Theory]
    [InlineData("trace", LogLevel.Trace)]
    [InlineData("Debug", LogLevel.Debug)]
    [InlineData("info", LogLevel.Information)]
    [InlineData("warn", LogLevel.Warning)]
    [InlineData("error", LogLevel.Error)]
    public void LogLevelsHaveShortNames(string text, LogLevel level) =>
        Assert.Equal(level, ServerOptionsReader.Read(new ServerSettings { LogLevel = text }).Options.LogLevel);
}
