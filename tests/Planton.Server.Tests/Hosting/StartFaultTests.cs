using System.Net;
using System.Net.Sockets;
using Planton.Server.Tests.Fixture;
using Planton.Testing.Processes;
using Planton.Testing.Programs;

namespace Planton.Server.Tests.Hosting;

/// <summary>What keeps the program from starting is said in one line with the fix, and never as a stack trace.</summary>
[Trait("Category", "Slow")]
public sealed class StartFaultTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private Dictionary<string, string?> Environment => CleanEnvironment.Variables(_folder.FullName);

    private string Database => Path.Combine(_folder.Data, "planton.db");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("--http")]
    [InlineData("--tunnel")]
    public async Task APortThatIsTaken(string flag)
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var taken = other.LocalEndpoint.ToString()!;
        var fault = await FaultAsync(1, flag == "--http" ? taken : "127.0.0.1:0", flag == "--tunnel" ? taken : "127.0.0.1:0");
        Assert.Contains(taken, fault, StringComparison.Ordinal);
        Assert.Contains("already in use", fault, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(flag == "--tunnel", fault.Contains("--tunnel", StringComparison.Ordinal));
        Assert.False(File.Exists(Path.Combine(_folder.Data, "addresses.json")));
        Assert.Equal(0, await StartAndStopAsync());
    }

    [Fact]
    public async Task AMasterKeyThatWasLost()
    {
        await ServerTemplate.CopyToAsync(_folder, DatabaseKind.Sqlite);
        File.Delete(Path.Combine(_folder.Data, "master-key"));
        var fault = await FaultAsync(2);
        Assert.Contains("the master key is not the one that this data was encrypted with", fault, StringComparison.Ordinal);
        Assert.Contains("--master-key-file", fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AMasterKeyThatWasChanged_AndIsPutBack()
    {
        await ServerTemplate.CopyToAsync(_folder, DatabaseKind.Sqlite);
        var file = Path.Combine(_folder.Data, "master-key");
        var right = await File.ReadAllTextAsync(file, Cancellation);
        await File.WriteAllTextAsync(file, Convert.ToBase64String(new byte[32]), Cancellation);
        Assert.Contains("the master key is not the one", await FaultAsync(2), StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, "damaged", Cancellation);
        Assert.Contains("does not hold 32 bytes in base64", await FaultAsync(2), StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, right, Cancellation);
        Assert.Equal(0, await StartAndStopAsync());
    }

    [Theory]
    [InlineData("noise")]
    [InlineData("cut")]
    [InlineData("holes")]
    public async Task ADatabaseThatIsDamaged(string how)
    {
        // Not from the template, whose pages may all be in its write-ahead log.
        await StartAndStopAsync();
        var bytes = await File.ReadAllBytesAsync(Database, Cancellation);
        switch (how)
        {
            case "noise":
                new Random(5).NextBytes(bytes);
                break;
            case "cut":
                bytes = bytes[..(bytes.Length / 3)];
                break;
            default:
                // The header stays; what it describes does not.
                bytes.AsSpan(100).Fill(0xAA);
                break;
        }

        await File.WriteAllBytesAsync(Database, bytes, Cancellation);
        var fault = await FaultAsync(2);
        Assert.Contains($"the database {Database} cannot be used", fault, StringComparison.Ordinal);
        Assert.Contains("backup", fault, StringComparison.Ordinal);
        Assert.Equal(bytes.Length, new FileInfo(Database).Length);
    }

    [Fact]
    public async Task ADataFolderThatAnotherServerHas()
    {
        await using var first = ProgramProcess.Start(ProgramFiles.Server, Arguments(), Environment);
        await first.WaitForLineAsync(line => line.Contains("Ready:", StringComparison.Ordinal), "that it is ready", TimeSpan.FromSeconds(60), Cancellation);
        Assert.Contains("is in use by another server", await FaultAsync(2), StringComparison.Ordinal);
        first.Signal(ProcessSignal.Terminate);
        Assert.Equal(0, await first.WaitForExitAsync(TimeSpan.FromSeconds(60), Cancellation));
    }

    private string[] Arguments(string http = "127.0.0.1:0", string tunnel = "127.0.0.1:0") => ["--data", _folder.Data, "--http", http, "--tunnel", tunnel];

    // The one line that is not of the log; fails when there is more, or a trace of a stack.
    private async Task<string> FaultAsync(int exit, string http = "127.0.0.1:0", string tunnel = "127.0.0.1:0")
    {
        var result = await ProgramProcess.RunAsync(
            ProgramFiles.Server, Arguments(http, tunnel), Environment, timeout: TimeSpan.FromSeconds(60), cancellationToken: Cancellation);
        Assert.True(result.ExitCode == exit, $"exit code {result.ExitCode} instead of {exit}: {result.Error}");
        Assert.Empty(result.Output);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", result.Error, StringComparison.Ordinal);
        return Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => !line.Contains(" info: ", StringComparison.Ordinal));
    }

    private async Task<int> StartAndStopAsync()
    {
        await using var server = ProgramProcess.Start(ProgramFiles.Server, Arguments(), Environment);
        await server.WaitForLineAsync(line => line.Contains("Ready:", StringComparison.Ordinal), "that it is ready", TimeSpan.FromSeconds(60), Cancellation);
        server.Signal(ProcessSignal.Terminate);
        return await server.WaitForExitAsync(TimeSpan.FromSeconds(60), Cancellation);
    }
}
