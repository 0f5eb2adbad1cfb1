using System.Diagnostics;
using System.Text.Json;
using Planton.Api;
using Planton.Api.Client;
using Planton.Api.Server;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Hosting;

/// <summary>The program itself, as people start it.</summary>
public sealed class ProcessTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task SigtermEndsWithZero_AndStdoutStaysEmpty()
    {
        using var server = Start("--data", _folder.Data, "--http", "127.0.0.1:0", "--tunnel", "127.0.0.1:0");
        try
        {
            var addresses = await AddressesAsync(server);
            Assert.Equal(server.Id, addresses.Pid);
            using var http = new HttpClient { BaseAddress = new Uri(addresses.Http) };
            var key = await File.ReadAllTextAsync(Path.Combine(_folder.Data, "initial-admin-key"), Cancellation);
            http.DefaultRequestHeaders.Authorization = PlantonApiClient.Bearer(key.Trim());
            Assert.Equal("admin", (await new PlantonApiClient(http).GetCallerAsync(Cancellation)).Name);
            using (var kill = Process.Start("kill", ["-TERM", $"{server.Id}"]))
                await kill.WaitForExitAsync(Cancellation);
            var (code, output, errors) = await EndAsync(server);
            Assert.Equal(0, code);
            Assert.Empty(output);
            Assert.Contains("Ready: API on http://127.0.0.1:", errors, StringComparison.Ordinal);
            Assert.DoesNotContain(key.Trim(), errors, StringComparison.Ordinal);
            Assert.False(File.Exists(Path.Combine(_folder.Data, "addresses.json")));
        }
        finally
        {
            if (!server.HasExited)
                server.Kill();
        }
    }

    [Fact]
    public async Task FaultsOfTheSettingsEndWithTwoAndAreAllTold()
    {
        using var server = Start("--data", _folder.Data, "--http", "0.0.0.0:0", "--tunnel", "x", "--log-level", "loud");
        var (code, output, errors) = await EndAsync(server);
        Assert.Equal(2, code);
        Assert.Empty(output);
        Assert.Equal(3, errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.False(Directory.Exists(_folder.Data), "a server that does not start leaves nothing behind");
    }

    [Fact]
    public async Task AMasterKeyThatOthersMayReadEndsWithTwo()
    {
        var key = _folder.File("key");
        await File.WriteAllTextAsync(key, Convert.ToBase64String(new byte[32]), Cancellation);
        FileModes.Set(key, "644");
        using var server = Start("--data", _folder.Data, "--http", "127.0.0.1:0", "--tunnel", "127.0.0.1:0", "--master-key-file", key);
        var (code, _, errors) = await EndAsync(server);
        Assert.Equal(2, code);
        Assert.Contains($"planton-server: --master-key-file: {key} can be read by others; run: chmod 600 {key}", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnUnknownFlagEndsWithTwo()
    {
        using var server = Start("--htpp", "127.0.0.1:0");
        Assert.Equal(2, (await EndAsync(server)).Code);
    }

    [Fact]
    public async Task HelpShowsExamplesAndVersionIsOneLine()
    {
        using var help = Start("--help");
        var (code, output, _) = await EndAsync(help);
        Assert.Equal(0, code);
        Assert.Contains("Examples:", output, StringComparison.Ordinal);
        Assert.Contains("PLANTON_SERVER_HTTP", output, StringComparison.Ordinal);
        using var version = Start("--version");
        (code, output, _) = await EndAsync(version);
        Assert.Equal(0, code);
        Assert.Single(output.Trim().Split('\n'));
    }

    [Fact]
    public async Task LogsCanBeJson()
    {
        using var server = Start("--data", _folder.Data, "--http", "127.0.0.1:0", "--tunnel", "127.0.0.1:0", "--log-format", "json");
        try
        {
            await AddressesAsync(server);
            using (var kill = Process.Start("kill", ["-INT", $"{server.Id}"]))
                await kill.WaitForExitAsync(Cancellation);
            var (code, _, errors) = await EndAsync(server);
            Assert.Equal(0, code);
            Assert.All(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries), line =>
            {
                using var entry = JsonDocument.Parse(line);
                Assert.True(entry.RootElement.TryGetProperty("Message", out _));
            });
        }
        finally
        {
            if (!server.HasExited)
                server.Kill();
        }
    }

    private static Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "planton-server.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return Process.Start(start)!;
    }

    private static async Task<(int Code, string Output, string Errors)> EndAsync(Process process)
    {
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(Cancellation);
            var errors = process.StandardError.ReadToEndAsync(Cancellation);
            await process.WaitForExitAsync(Cancellation).WaitAsync(Patience, Cancellation);
            return (process.ExitCode, await output, await errors);
        }
        finally
        {
            // A server that should have ended and did not must not outlive its test.
            if (!process.HasExited)
                process.Kill();
        }
    }

    private async Task<ServerAddresses> AddressesAsync(Process server)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        late.CancelAfter(Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        var file = Path.Combine(_folder.Data, "addresses.json");
        while (!File.Exists(file))
        {
            Assert.False(server.HasExited, "the server ended before it was ready");
            Assert.True(await timer.WaitForNextTickAsync(late.Token), "addresses.json never came");
        }

        return JsonSerializer.Deserialize(await File.ReadAllBytesAsync(file, Cancellation), PlantonJson.Default.ServerAddresses)!;
    }
}
