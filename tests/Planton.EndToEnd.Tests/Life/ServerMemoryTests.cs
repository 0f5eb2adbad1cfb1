using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Planton.Api;
using Planton.Api.Runners;
using Planton.EndToEnd.Tests.Installations;

namespace Planton.EndToEnd.Tests.Life;

/// <summary>What the server answered once is not in its memory afterwards.</summary>
public sealed class ServerMemoryTests(InstallationFixture fixture) : IClassFixture<InstallationFixture>
{
    private readonly PlantonInstallation _installation = fixture.Installation;

    [Fact]
    public async Task AfterCredentialsWereMade_NeitherKeyIsFoundInTheServersMemory()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "reads /proc");
        var patterns = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        for (var number = 0; number < 5; number++)
        {
            var printed = await _installation.SucceedAsync("runner", "generate-credentials", "remembered");
            Add(patterns, number, JsonSerializer.Deserialize(printed, PlantonJson.Default.RunnerCredentials)!);
        }

        // What is there for certain: that the search finds anything at all.
        patterns.Add("a name", Encoding.Unicode.GetBytes("remembered"));
        var found = new ProcessMemory(_installation.Server.Addresses.Pid).Count(patterns);

        Assert.NotEqual(0, found["a name"]);
        Assert.Equal([], found.Where(pattern => pattern.Value > 0 && pattern.Key != "a name").Select(pattern => $"{pattern.Key}: {pattern.Value} times"));
    }

    private static void Add(Dictionary<string, byte[]> patterns, int number, RunnerCredentials credentials)
    {
        var key = credentials.ApiKey!;
        // From the end of the first line on it is the key itself: what comes before is the same in every key.
        var pem = credentials.Tunnel!.PrivateKey!.Split('\n')[1][48..];
        patterns.Add($"API key {number} as bytes", Encoding.ASCII.GetBytes(key[16..48]));
        patterns.Add($"API key {number} as text", Encoding.Unicode.GetBytes(key[16..48]));
        patterns.Add($"private key {number} as PEM", Encoding.ASCII.GetBytes(pem));
        patterns.Add($"private key {number} as PEM text", Encoding.Unicode.GetBytes(pem));
        using var ecdsa = ECDsa.Create();
        ecdsa.ImportFromPem(credentials.Tunnel.PrivateKey);
        var scalar = ecdsa.ExportParameters(includePrivateParameters: true).D!;
        patterns.Add($"private key {number} as bytes", scalar);
        patterns.Add($"private key {number} as bytes, reversed", [.. scalar.Reverse()]);
    }
}
