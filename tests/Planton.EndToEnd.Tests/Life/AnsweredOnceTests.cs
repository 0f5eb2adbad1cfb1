using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Planton.Api;
using Planton.Api.Client;
using Planton.Api.Runners;
using Planton.EndToEnd.Tests.Installations;
using Planton.Testing.Databases;

namespace Planton.EndToEnd.Tests.Life;

/// <summary>The keys that the server answered once are nowhere afterwards: not in its memory, its files, its log, or a later answer.</summary>
public abstract class AnsweredOnceTests(SharedInstallation shared) : InstallationTest(shared)
{
    [Fact]
    [Trait(RequirementTests.Trait, "S6")]
    public async Task AfterCredentialsWereMade_NeitherKeyIsFoundInTheServersMemory()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "reads /proc");
        var patterns = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        for (var number = 0; number < 5; number++)
        {
            var printed = await Installation.SucceedAsync("runner", "generate-credentials", "remembered");
            Add(patterns, number, JsonSerializer.Deserialize(printed, PlantonJson.Default.RunnerCredentials)!);
        }

        // What is there for certain: that the search finds anything at all.
        patterns.Add("a name", Encoding.Unicode.GetBytes("remembered"));
        var found = new ProcessMemory(Installation.Server.Addresses.Pid).Count(patterns);

        Assert.NotEqual(0, found["a name"]);
        Assert.Equal([], found.Where(pattern => pattern.Value > 0 && pattern.Key != "a name").Select(pattern => $"{pattern.Key}: {pattern.Value} times"));
    }

    [Fact]
    [Trait(RequirementTests.Trait, "S6")]
    public async Task AfterCredentialsWereMade_NeitherKeyIsInAFile_ALogLine_OrALaterAnswer()
    {
        var patterns = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        var printed = await Installation.SucceedAsync("runner", "generate-credentials", "written");
        Add(patterns, 0, JsonSerializer.Deserialize(printed, PlantonJson.Default.RunnerCredentials)!);
        patterns.Add("its name", Encoding.ASCII.GetBytes("written"));
        using var http = new HttpClient { BaseAddress = new Uri(Installation.Server.Addresses.Http + "/") };
        http.DefaultRequestHeaders.Authorization = PlantonApiClient.Bearer(Installation.Server.InitialKey);
        var places = new Dictionary<string, byte[]>(StringComparer.Ordinal) { ["log"] = Encoding.UTF8.GetBytes(string.Join('\n', Installation.Server.Process.ErrorLines)) };
        foreach (var path in (string[])["runners", "runners/written", "runners/written/credentials", "audit?limit=1000"])
            places.Add(path, await http.GetByteArrayAsync($"api/v1/organizations/default/{path}", Token));
        // PostgreSQL keeps its tables and its journal in a folder of its own.
        var isPostgreSql = Installation.Server.Database == DatabaseKind.PostgreSql;
        string[] folders = [Installation.Server.Data, .. isPostgreSql ? [PostgreSqlServer.Data] : (string[])[]];
        foreach (var file in folders.SelectMany(folder => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)).Where(file => Path.GetFileName(file) != "lock"))
            places.Add(file, await ReadSharedAsync(file));

        Assert.Equal([], places
            .SelectMany(place => patterns.Where(pattern => pattern.Key != "its name" && place.Value.AsSpan().IndexOf(pattern.Value) >= 0)
                .Select(pattern => $"{pattern.Key} in {place.Key}")));
        // The same search finds what is there: the runner's name, in the database and in each answer.
        var kept = isPostgreSql ? PostgreSqlServer.Data : ".db";
        Assert.Contains(places, place => place.Key.Contains(kept, StringComparison.Ordinal) && place.Value.AsSpan().IndexOf(patterns["its name"]) >= 0);
        Assert.True(places["audit?limit=1000"].AsSpan().IndexOf(patterns["its name"]) >= 0);
    }

    // The server has its database open.
    private static async Task<byte[]> ReadSharedAsync(string file)
    {
        try
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var content = new MemoryStream();
            await stream.CopyToAsync(content, Token);
            return content.ToArray();
        }
        catch (FileNotFoundException)
        {
            // PostgreSQL has the databases of other tests too, and removes files that it has no more use for.
            return [];
        }
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

public sealed class AnsweredOnceTestsOnSqlite(CommonInstallation common) : AnsweredOnceTests(common);

public sealed class AnsweredOnceTestsOnPostgreSql(CommonInstallationOnPostgreSql common) : AnsweredOnceTests(common);
