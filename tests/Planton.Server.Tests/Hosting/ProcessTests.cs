using System.Text.Json;
using Planton.Api;
using Planton.Api.Client;
using Planton.Server.Tests.Fixture;
using Planton.Testing.Processes;
using Planton.Testing.Programs;

namespace Planton.Server.Tests.Hosting;

/// <summary>The program itself, as it is started.</summary>
public sealed class ProcessTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private Dictionary<string, string?> Environment => CleanEnvironment.Variables(_folder.FullName);

    private string[] Settings => ["--data", _folder.Data, "--http", "127.0.0.1:0", "--tunnel", "127.0.0.1:0"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task SigtermEndsWithZero_AndStdoutStaysEmpty()
    {
        await using var server = await StartAsync(Settings);
        var addresses = JsonSerializer.Deserialize(
            await File.ReadAllBytesAsync(Path.Combine(_folder.Data, "addresses.json"), Cancellation), PlantonJson.Default.ServerAddresses)!;
        Assert.Equal(server.Id, addresses.Pid);
        using var http = new HttpClient { BaseAddress = new Uri(addresses.Http) };
        var key = await File.ReadAllTextAsync(Path.Combine(_folder.Data, "initial-admin-key"), Cancellation);
        http.DefaultRequestHeaders.Authorization = PlantonApiClient.Bearer(key.Trim());
        Assert.Equal("admin", (await new PlantonApiClient(http).GetCallerAsync(Cancellation)).Name);

        server.Signal(ProcessSignal.Terminate);

        Assert.Equal(0, await server.WaitForExitAsync(Limit, Cancellation));
        Assert.Empty(server.OutputLines);
        var errors = string.Join('\n', server.ErrorLines);
        Assert.Contains("Ready: API on http://127.0.0.1:", errors, StringComparison.Ordinal);
        Assert.DoesNotContain(key.Trim(), errors, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_folder.Data, "addresses.json")));
    }

    [Fact]
    public async Task FaultsOfTheSettingsEndWithTwoAndAreAllTold()
    {
        var result = await RunAsync("--data", _folder.Data, "--http", "0.0.0.0:0", "--tunnel", "x", "--log-level", "loud");
        Assert.Equal(2, result.ExitCode);
        Assert.Empty(result.Output);
        Assert.Equal(3, result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.False(Directory.Exists(_folder.Data), "a server that does not start leaves nothing behind");
    }

    [Fact]
    public async Task AMasterKeyThatOthersMayReadEndsWithTwo()
    {
        var key = _folder.Write("key", Convert.ToBase64String(new byte[32]));
        FileModes.Set(key, "644");
        var result = await RunAsync([.. Settings, "--master-key-file", key]);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains($"planton-server: --master-key-file: {key} can be read by others; run: chmod 600 {key}", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnUnknownFlagEndsWithTwo() => Assert.Equal(2, (await RunAsync("--htpp", "127.0.0.1:0")).ExitCode);

    [Fact]
    public async Task HelpShowsExamplesAndVersionIsOneLine()
    {
        var help = await RunAsync("--help");
        Assert.Equal(0, help.ExitCode);
        Assert.Contains("Examples:", help.Output, StringComparison.Ordinal);
        Assert.Contains("PLANTON_SERVER_HTTP", help.Output, StringComparison.Ordinal);
        var version = await RunAsync("--version");
        Assert.Equal(0, version.ExitCode);
        Assert.NotEmpty(Assert.Single(version.OutputLines));
    }

    [Theory]
    [InlineData("text")]
    [InlineData("json")]
    public async Task WhatClientsSend_IsInNoLogAsItIs(string format)
    {
        const string Key = "pck_0123456789abSECRETSECRETSECRETSECRETSECRET123456";
        await using var server = await StartAsync([.. Settings, "--log-level", "debug", "--log-format", format]);
        var addresses = JsonSerializer.Deserialize(
            await File.ReadAllBytesAsync(Path.Combine(_folder.Data, "addresses.json"), Cancellation), PlantonJson.Default.ServerAddresses)!;
        using var http = new HttpClient { BaseAddress = new Uri(addresses.Http) };

        using (await http.GetAsync($"/api/v1/{Key}/%1b[2J%C2%9Bx%0aforged%E2%80%AE?key={Key}", Cancellation))
            await server.WaitForLineAsync(line => line.Contains("pck_0123456789ab", StringComparison.Ordinal), "the request", Limit, Cancellation);
        server.Signal(ProcessSignal.Terminate);

        Assert.Equal(0, await server.WaitForExitAsync(Limit, Cancellation));
        var log = string.Join('\n', server.ErrorLines);
        Assert.DoesNotContain("SECRETSECRET", log, StringComparison.Ordinal);
        Assert.DoesNotContain(log, c => (char.IsControl(c) && c != '\n') || c == '\u202e');
        Assert.DoesNotContain(server.ErrorLines, line => line.StartsWith("forged", StringComparison.Ordinal));
    }

    [Fact]
    public async Task LogsCanBeJson()
    {
        await using var server = await StartAsync([.. Settings, "--log-format", "json"]);

        server.Signal(ProcessSignal.Interrupt);

        Assert.Equal(0, await server.WaitForExitAsync(Limit, Cancellation));
        Assert.NotEmpty(server.ErrorLines);
        Assert.All(server.ErrorLines, line =>
        {
            using var entry = JsonDocument.Parse(line);
            Assert.True(entry.RootElement.TryGetProperty("Message", out _));
        });
    }

    private async Task<ProgramProcess> StartAsync(string[] arguments)
    {
        var server = ProgramProcess.Start(ProgramFiles.Server, arguments, Environment);
        try
        {
            await server.WaitForLineAsync(line => line.Contains("Ready: API on", StringComparison.Ordinal), "that it is ready", Limit, Cancellation);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    private Task<ProgramResult> RunAsync(params string[] arguments) =>
        ProgramProcess.RunAsync(ProgramFiles.Server, arguments, Environment, timeout: Limit, cancellationToken: Cancellation);
}
