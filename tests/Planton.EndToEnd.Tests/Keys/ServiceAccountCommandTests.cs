using System.Diagnostics;
using System.Text.Json;
using Planton.Api;
using Planton.EndToEnd.Tests.Installations;
using Planton.EndToEnd.Tests.Life;
using Planton.Testing.Processes;

namespace Planton.EndToEnd.Tests.Keys;

/// <summary><c>planton service-account</c> and its keys against a real server, in an organization of each test's own.</summary>
public sealed class ServiceAccountCommandTests(CommonInstallation common) : InstallationTest(common)
{
    [Fact]
    [Trait(RequirementTests.Trait, "R11")]
    public async Task Create_List_Get_PrintATable_JsonAndNames_AndDeleteEndsIt()
    {
        await Installation.SucceedAsync("org", "create", "accounts");
        var made = await RunAsync("accounts", "create", "ci", "--role", "member");
        Assert.Equal((0, "Made service account ci (member). Next: planton service-account key create ci\n"), (made.ExitCode, made.Error));
        Assert.Equal(["NAME ROLE RUNNER VALID KEYS AGE", "ci member 0 0s"], Cells(made.Output));
        Assert.Equal((0, "service-account/reader\n"), await OutputAsync("accounts", "create", "reader", "-o", "name"));

        Assert.Equal((0, "service-account/ci\nservice-account/reader\n"), await OutputAsync("accounts", "list", "-o", "name"));
        Assert.Equal(["NAME ROLE", "ci member", "reader viewer"], Cells((await RunAsync("accounts", "list")).Output).Select(Beginning));
        var listed = JsonSerializer.Deserialize((await RunAsync("accounts", "list", "-o", "json")).Output, PlantonJson.Default.ListResponseServiceAccount)!;
        Assert.Equal([("ci", "member", 0), ("reader", "viewer", 0)], listed.Items.Select(account => (account.Name, account.Role, account.ValidKeys)));

        Assert.Equal((0, "service-account/ci\n"), await OutputAsync("accounts", "get", "ci", "-o", "name"));
        var shown = JsonSerializer.Deserialize((await RunAsync("accounts", "get", "ci", "-o", "json")).Output, PlantonJson.Default.ServiceAccount)!;
        Assert.Equal(listed.Items[0], shown);
        Assert.Equal(shown, await Installation.Api.GetServiceAccountAsync("accounts", "ci", Token));

        await SaysAsync(1, "accounts", ["create", "ci"], "Error: organization \"accounts\" has a service account \"ci\" already", "Hint: See it with: planton service-account get ci --org accounts");
        await SaysAsync(3, "accounts", ["get", "cy"], "Error: organization \"accounts\" has no service account \"cy\"");
        await SaysAsync(2, "accounts", ["delete", "ci"], "Hint: Add --yes.");
        Assert.Equal((0, "service-account/ci\n"), await OutputAsync("accounts", "get", "ci", "-o", "name"));
        await SaysAsync(0, "accounts", ["delete", "ci", "--yes"], "Deleted service account ci.");
        await SaysAsync(3, "accounts", ["delete", "ci", "--yes"], "Error: organization \"accounts\" has no service account \"ci\"");
        Assert.Equal((0, "service-account/reader\n"), await OutputAsync("accounts", "list", "-o", "name"));
    }

    [Fact]
    [Trait(RequirementTests.Trait, "R11")]
    public async Task AKey_IsPrintedOnceAndAlone_ActsAsTheAccount_AndIsListedWithoutItsSecret()
    {
        await Installation.SucceedAsync("org", "create", "keys");
        await RunAsync("keys", "create", "ci", "--role", "member");
        var first = await RunAsync("keys", "key", "create", "ci");
        var key = first.Output.TrimEnd('\n');
        Assert.Matches("^pck_[0-9A-Za-z]{50}$", key);
        Assert.Equal((0, $"Key {key[4..16]} of service account ci, without end. It is shown this once.\n"), (first.ExitCode, first.Error));
        var json = await RunAsync("keys", "key", "create", "ci", "-o", "json", "--expires-in", "90d");
        var second = JsonSerializer.Deserialize(json.Output, PlantonJson.Default.CreateApiKeyResponse)!;
        Assert.Equal(TimeSpan.FromDays(90), second.ApiKey.ExpiresAt - second.ApiKey.CreatedAt);
        Assert.StartsWith($"pck_{second.ApiKey.Id}", second.Key, StringComparison.Ordinal);
        await SaysAsync(2, "keys", ["key", "create", "ci", "-o", "name"], "'name'");
        await SaysAsync(2, "keys", ["key", "create", "ci", "--expires-in", "1s"], "expiresInSeconds: must be from 60 to ");

        var who = await Installation.PlantonWithAsync([("PLANTON_API_KEY", key)], "auth", "who", "-o", "name");
        Assert.Equal((0, "service-account/ci\n"), (who.ExitCode, who.Output));

        var ids = new[] { second.ApiKey.Id, key[4..16] };
        Assert.Equal((0, $"api-key/{ids[0]}\napi-key/{ids[1]}\n"), await OutputAsync("keys", "key", "list", "ci", "-o", "name"));
        var table = await RunAsync("keys", "key", "list", "ci");
        Assert.Equal(["ID STATE", $"{ids[0]} valid", $"{ids[1]} valid"], Cells(table.Output).Select(Beginning));
        Assert.Contains("2", (await RunAsync("keys", "get", "ci")).Output, StringComparison.Ordinal);
        var listed = await RunAsync("keys", "key", "list", "ci", "-o", "json");
        Assert.Equal(ids, JsonSerializer.Deserialize(listed.Output, PlantonJson.Default.ListResponseApiKey)!.Items.Select(item => item.Id));
        // Without the checksum at the end, which is made of the rest.
        Assert.All([key[16..48], second.Key[16..48]], secret => Assert.DoesNotContain(secret, table.Output + listed.Output, StringComparison.Ordinal));
    }

    [Fact]
    [Trait(RequirementTests.Trait, "R11")]
    public async Task ARevokedKey_IsRefusedWithinASecond_AndTheOtherKeyOfTheAccountIsNot()
    {
        await Installation.SucceedAsync("org", "create", "revoking");
        await RunAsync("revoking", "create", "ci");
        var key = (await RunAsync("revoking", "key", "create", "ci")).Output.Trim();
        var other = (await RunAsync("revoking", "key", "create", "ci")).Output.Trim();
        using var use = await KeyUse.BeginAsync(Installation.Server.Addresses.Http, key);

        await SaysAsync(2, "revoking", ["key", "revoke", "ci", key[4..16]], "Hint: Add --yes.");
        Assert.False(use.LastTaken.IsCompleted);
        await SaysAsync(0, "revoking", ["key", "revoke", "ci", key[4..16], "--yes"], $"Revoked key {key[4..16]} of service account ci.");
        var revoked = Stopwatch.GetTimestamp();

        var last = await use.LastTaken.WaitAsync(TimeSpan.FromSeconds(20), Token);
        Assert.True(last < revoked || Stopwatch.GetElapsedTime(revoked, last) < TimeSpan.FromSeconds(1), "the key was taken a second after it was revoked");
        Assert.Equal(4, (await Installation.PlantonWithAsync([("PLANTON_API_KEY", key)], "auth", "who")).ExitCode);
        Assert.Equal(0, (await Installation.PlantonWithAsync([("PLANTON_API_KEY", other)], "auth", "who")).ExitCode);
        var table = Cells((await RunAsync("revoking", "key", "list", "ci")).Output).Select(Beginning);
        Assert.Equal(["ID STATE", $"{other[4..16]} valid", $"{key[4..16]} revoked"], table);
        await SaysAsync(3, "revoking", ["key", "revoke", "ci", "nonesuch", "--yes"], "Error: service account \"ci\" has no key \"nonesuch\"", "Hint: See its keys with: planton service-account key list ci");
    }

    [Fact]
    [Trait(RequirementTests.Trait, "R11")]
    public async Task WithTheAccount_EveryKeyOfItIsRefusedWithinASecond()
    {
        await Installation.SucceedAsync("org", "create", "ending");
        await RunAsync("ending", "create", "ci");
        var key = (await RunAsync("ending", "key", "create", "ci")).Output.Trim();
        var other = (await RunAsync("ending", "key", "create", "ci")).Output.Trim();
        using var use = await KeyUse.BeginAsync(Installation.Server.Addresses.Http, key);

        await SaysAsync(0, "ending", ["delete", "ci", "--yes"], "Deleted service account ci.");
        var deleted = Stopwatch.GetTimestamp();

        var last = await use.LastTaken.WaitAsync(TimeSpan.FromSeconds(20), Token);
        Assert.True(last < deleted || Stopwatch.GetElapsedTime(deleted, last) < TimeSpan.FromSeconds(1), "the key was taken a second after its account was deleted");
        Assert.Equal(4, (await Installation.PlantonWithAsync([("PLANTON_API_KEY", other)], "auth", "who")).ExitCode);
    }

    private static IReadOnlyList<string> Cells(string table) =>
        [.. table.TrimEnd('\n').Split('\n').Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries)))];

    // Ages and fingerprints differ from run to run.
    private static string Beginning(string line) => string.Join(' ', line.Split(' ').Take(2));

    private Task<ProgramResult> RunAsync(string organization, params string[] arguments) =>
        Installation.PlantonAsync(["service-account", .. arguments, "--org", organization]);

    private async Task<(int ExitCode, string Output)> OutputAsync(string organization, params string[] arguments)
    {
        var result = await RunAsync(organization, arguments);
        return (result.ExitCode, result.Output);
    }

    private async Task SaysAsync(int exitCode, string organization, string[] arguments, params string[] words)
    {
        var result = await RunAsync(organization, arguments);
        Assert.Equal((exitCode, ""), (result.ExitCode, result.Output));
        Assert.All(words, word => Assert.Contains(word, result.Error, StringComparison.Ordinal));
    }
}
