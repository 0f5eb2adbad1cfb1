using System.Text.Json;
using Microsoft.Extensions.Logging;
using Planton.Runner.Logging;

namespace Planton.Runner.Tests;

public sealed class LoggingTests
{
    private readonly SecretMasker _masker = new();

    [Theory]
    [InlineData("key pck_abc_DEF-123 end", "key pck_*** end")]
    [InlineData("Authorization: Bearer abcdefgh.ijk", "Authorization: Bearer ***")]
    [InlineData("via http://user:pass@proxy:3128/", "via http://***@proxy:3128/")]
    [InlineData("token eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJrdWJl.c2lnbmF0dXJl", "token ***")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nMIGH\n-----END PRIVATE KEY-----", "***")]
    [InlineData("nothing secret at https://host/path?x=y", "nothing secret at https://host/path?x=y")]
    public void WhatLooksLikeASecretIsMasked(string text, string expected) => Assert.Equal(expected, _masker.Apply(text));

    [Fact]
    public void WhatWasReadAsASecretIsMaskedWhateverItLooksLike_LineByLine()
    {
        _masker.Add("-----BEGIN X-----\nfirst-line-of-it\nsecond-line-of-it\n");
        _masker.Add("short");
        _masker.Add(null);
        Assert.Equal("a *** b *** c short", _masker.Apply("a first-line-of-it b second-line-of-it c short"));
    }

    [Fact]
    public void TheMaskerForgetsTheOldestWhenThereAreTooMany()
    {
        for (var i = 0; i < 300; i++)
            _masker.Add($"secret-number-{i:000}");
        Assert.Equal("secret-number-000 ***", _masker.Apply("secret-number-000 secret-number-299"));
    }

    [Theory]
    [InlineData(LogLevel.Trace)]
    [InlineData(LogLevel.Debug)]
    [InlineData(LogLevel.Information)]
    public void WhatWouldLogQueriesIsSilentAtEveryLevel(LogLevel level)
    {
        using var provider = new Planton.Testing.Logging.TestLogs();
        using var loggers = LoggerFactory.Create(logging => RunnerLogging.Configure(logging, provider, level));
        foreach (var category in new[] { "Microsoft.AspNetCore.Hosting.Diagnostics", "Microsoft.AspNetCore.Server.Kestrel.BadRequests", "Yarp.ReverseProxy.Forwarder.HttpForwarder" })
            Assert.False(loggers.CreateLogger(category).IsEnabled(LogLevel.Information), category);
        Assert.Equal(level <= LogLevel.Debug, loggers.CreateLogger("Planton.Runner.Operations.OperationHandler").IsEnabled(LogLevel.Debug));
    }

    [Fact]
    public void AnEventIsOneMaskedLine()
    {
        var line = Write(LogFormat.Text, "two\nlines with pck_secret", new InvalidOperationException("why\r\nnot"));
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z warn  Tests: two ⏎ lines with pck_\*\*\* \| InvalidOperationException: why ⏎ not\n$", line);
    }

    [Fact]
    public void WhatATerminalWouldObeyIsSpelledOut()
    {
        var line = Write(LogFormat.Text, "a\u001b[2Jb\u009bc\td", new InvalidOperationException("\0"));
        Assert.EndsWith("Tests: a\\u001b[2Jb\\u009bc\\u0009d | InvalidOperationException: \\u0000\n", line, StringComparison.Ordinal);
    }

    [Fact]
    public void AnEventIsOneJsonObject()
    {
        var line = Write(LogFormat.Json, "two\nlines with pck_secret", new InvalidOperationException("pck_other"));
        using var json = JsonDocument.Parse(line);
        Assert.Equal(1, line.Count(c => c == '\n'));
        Assert.Equal("warn", json.RootElement.GetProperty("level").GetString());
        Assert.Equal("two\nlines with pck_***", json.RootElement.GetProperty("message").GetString());
        Assert.DoesNotContain("pck_other", line, StringComparison.Ordinal);
    }

    private string Write(LogFormat format, string message, Exception exception)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var provider = new LineLoggerProvider(output, format, _masker, TimeProvider.System);
        provider.CreateLogger("Planton.Runner.Tests").Log(LogLevel.Warning, new EventId(1, "Something"), message, exception, (m, _) => m);
        return output.ToString();
    }
}
