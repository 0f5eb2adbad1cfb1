using Planton.Api.Errors;
using Planton.Api.Secrets;
using Planton.Cli.Tests.Support;

namespace Planton.Cli.Tests.Secrets;

/// <summary>Where a secret's value comes from, and that it goes nowhere but to the control plane.</summary>
public sealed class SecretSetTests : IDisposable
{
    private const string Secret = "/api/v1/organizations/acme/secrets/database";
    private readonly CliHarness _cli = new();

    [Theory]
    [InlineData("hunter2", "hunter2")]
    [InlineData("hunter2\n", "hunter2")]
    [InlineData("hunter2\r\n", "hunter2")]
    [InlineData("a\nb\n\n", "a\\nb\\n")]
    [InlineData(" spaces ", " spaces ")]
    public async Task WhenReadFromStandardInput_OnlyALastLineBreakIsCut(string input, string sent)
    {
        await using var server = await StartAsync();
        _cli.Input = input;

        var result = await _cli.RunAsync("secret", "set", "database", "-o", "name");

        Assert.Equal((0, "secret/database\n"), (result.ExitCode, result.Out));
        Assert.Equal("Wrote version 3 of secret database of organization acme, with value.\n", result.Error);
        Assert.Equal($$$"""{"values":{"value":"{{{sent}}}"}}""", Assert.Single(server.Requests).Body);
    }

    [Fact]
    public async Task WhenTypedAtATerminal_ItIsNotShown()
    {
        await using var server = await StartAsync();
        (_cli.Interactive, _cli.HiddenInput) = (true, "hunter2");

        var result = await _cli.RunAsync("secret", "set", "database", "--key", "password");

        Assert.StartsWith("Value (not shown): \n", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", result.Out + result.Error, StringComparison.Ordinal);
        Assert.Equal("""{"values":{"password":"hunter2"}}""", Assert.Single(server.Requests).Body);
    }

    [Fact]
    public async Task WhenReadFromFiles_EachIsAKeyAsItIs()
    {
        await using var server = await StartAsync();
        var (certificate, key) = (await FileAsync("tls.crt", "CERT\n"), await FileAsync("tls=key", "KEY\n"));

        var result = await _cli.RunAsync("secret", "set", "database", "--env", "staging", "--from-file", $"cert={certificate}", "--from-file", $"key={key}");

        Assert.Equal(0, result.ExitCode);
        Assert.Equal("Wrote version 3 of secret database of environment staging of organization acme, with value.\n", result.Error);
        var request = Assert.Single(server.Requests);
        Assert.Equal(("?environment=staging", """{"values":{"cert":"CERT\n","key":"KEY\n"}}"""), (request.Query, request.Body));
    }

    [Fact]
    public async Task WhenOneFileIsGiven_ItIsTheSingleValue()
    {
        await using var server = await StartAsync();

        await _cli.RunAsync("secret", "set", "database", "--from-file", await FileAsync("value", "v"));

        Assert.Equal("""{"values":{"value":"v"}}""", Assert.Single(server.Requests).Body);
    }

    [Fact]
    public async Task WhenGivenOnTheCommandLine_TheRiskIsSaid()
    {
        await using var server = await StartAsync();

        var result = await _cli.RunAsync("secret", "set", "database", "--value", "hunter2");

        Assert.Equal(0, result.ExitCode);
        Assert.StartsWith("Warning: a value on the command line stays in the shell's history", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", result.Out + result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("the value is empty", "")]
    [InlineData("the value is empty", "\n")]
    [InlineData("exclude each other", "x", "--value", "a", "--from-file", "b")]
    public async Task WhenThereIsNoOneValue_NothingIsSent(string fault, string input, params string[] options)
    {
        await using var server = await StartAsync();
        _cli.Input = input;

        var result = await _cli.RunAsync(["secret", "set", "database", .. options]);

        Assert.Equal((2, ""), (result.ExitCode, result.Out));
        Assert.Contains(fault, result.Error, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task WhenAKeyIsGivenTwice_NothingIsSent()
    {
        await using var server = await StartAsync();
        var file = await FileAsync("a", "x");

        var result = await _cli.RunAsync("secret", "set", "database", "--from-file", file, "--from-file", file);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("key value is given twice", result.Error, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task WhenTheValueIsTooLarge_ItIsRefusedBeforeItIsSent()
    {
        await using var server = await StartAsync();
        var large = new string('x', PutSecretRequest.MaxBytes + 1);
        _cli.Input = large;

        var typed = await _cli.RunAsync("secret", "set", "database");
        var file = await _cli.RunAsync("secret", "set", "database", "--from-file", await FileAsync("large", large));

        Assert.Equal((2, 2), (typed.ExitCode, file.ExitCode));
        Assert.Contains("larger than", typed.Error, StringComparison.Ordinal);
        Assert.Contains("larger than", file.Error, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task WhenAFileIsNoTextOrMissing_TheFileIsNamed()
    {
        await using var server = await StartAsync();
        var binary = _cli.PathOf("binary");
        await File.WriteAllBytesAsync(binary, [0xFF, 0xFE, 0x00], TestContext.Current.CancellationToken);

        var noText = await _cli.RunAsync("secret", "set", "database", "--from-file", binary);
        var missing = await _cli.RunAsync("secret", "set", "database", "--from-file", _cli.PathOf("nosuch"));

        Assert.Equal((2, 1), (noText.ExitCode, missing.ExitCode));
        Assert.Contains($"{binary} is not text in UTF-8", noText.Error, StringComparison.Ordinal);
        Assert.Contains("nosuch", missing.Error, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData(ErrorCode.NotFound, 3)]
    [InlineData(ErrorCode.PermissionDenied, 4)]
    [InlineData(ErrorCode.InvalidArgument, 2)]
    public async Task WhenItIsRefused_TheReasonIsSaidAndNotTheValue(string code, int exitCode)
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.OnProblem("PUT", Secret, code, "no");
        _cli.Using(server).Input = "hunter2";

        var result = await _cli.RunAsync("secret", "set", "database");

        Assert.Equal((exitCode, "", "Error: no\n"), (result.ExitCode, result.Out, result.Error));
    }

    public void Dispose() => _cli.Dispose();

    private async Task<string> FileAsync(string name, string content)
    {
        var path = _cli.PathOf(name);
        await File.WriteAllTextAsync(path, content, TestContext.Current.CancellationToken);
        return path;
    }

    private async Task<FakeControlPlane> StartAsync()
    {
        var server = await FakeControlPlane.StartAsync();
        server.On("PUT", Secret, Samples.Secret("database"));
        _cli.Using(server);
        return server;
    }
}
