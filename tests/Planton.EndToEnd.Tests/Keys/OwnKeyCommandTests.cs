using System.Diagnostics;
using System.Text.Json;
using Planton.Api;
using Planton.EndToEnd.Tests.Installations;
using Planton.EndToEnd.Tests.Life;

namespace Planton.EndToEnd.Tests.Keys;

/// <summary><c>planton api-key</c>, <c>planton context</c> and <c>planton auth</c> against a real server, each with a configuration of its own.</summary>
public sealed class OwnKeyCommandTests(CommonInstallation common) : InstallationTest(common)
{
    [Fact]
    [Trait(RequirementTests.Trait, "R11")]
    public async Task ApiKeys_AreMadeListedAndRevoked_AndTheOneInUseIsTold()
    {
        var login = await UserAsync("keeper");
        var used = (await login.SucceedAsync("api-key", "list", "-o", "name")).Trim()["api-key/".Length..];

        var made = await login.PlantonAsync("api-key", "create");
        var key = made.Output.TrimEnd('\n');
        Assert.Matches("^pck_[0-9A-Za-z]{50}$", key);
        Assert.Equal((0, $"Key {key[4..16]} of your own, without end. It is shown this once.\n"), (made.ExitCode, made.Error));
        var other = JsonSerializer.Deserialize(await login.SucceedAsync("api-key", "create", "-o", "json", "--expires-in", "12h"), PlantonJson.Default.CreateApiKeyResponse)!;
        Assert.Equal(TimeSpan.FromHours(12), other.ApiKey.ExpiresAt - other.ApiKey.CreatedAt);

        Assert.Equal($"api-key/{other.ApiKey.Id}\napi-key/{key[4..16]}\napi-key/{used}\n", await login.SucceedAsync("api-key", "list", "-o", "name"));
        var listed = JsonSerializer.Deserialize(await login.SucceedAsync("api-key", "list", "-o", "json"), PlantonJson.Default.ListResponseApiKey)!;
        Assert.Equal([other.ApiKey.Id, key[4..16], used], listed.Items.Select(item => item.Id));
        var table = (await login.SucceedAsync("api-key", "list")).TrimEnd('\n').Split('\n');
        Assert.Equal(4, table.Length);
        Assert.Matches("^ID +STATE +CREATED +EXPIRES +LAST USED +FINGERPRINT$", table[0]);
        Assert.Matches($"^{key[4..16]} +valid +[0-9]+s +never +never +[0-9a-f]{{8}}$", table[2]);

        using var use = await KeyUse.BeginAsync(Installation.Server.Addresses.Http, key);
        Assert.Equal(2, (await login.PlantonAsync("api-key", "revoke", key[4..16])).ExitCode);
        var revoked = await login.PlantonAsync("api-key", "revoke", key[4..16], "--yes");
        var at = Stopwatch.GetTimestamp();
        Assert.Equal((0, "", $"Revoked API key {key[4..16]}.\n"), (revoked.ExitCode, revoked.Output, revoked.Error));
        var last = await use.LastTaken.WaitAsync(TimeSpan.FromSeconds(20), Token);
        Assert.True(last < at || Stopwatch.GetElapsedTime(at, last) < TimeSpan.FromSeconds(1), "the key was taken a second after it was revoked");

        // Its own key last: the configuration keeps it, and what uses it is told.
        var own = await login.PlantonAsync("api-key", "revoke", used, "--yes");
        Assert.Equal((0, $"Revoked API key {used}. Log in with another one: planton auth login.\n"), (own.ExitCode, own.Error));
        Assert.Equal(4, (await login.PlantonAsync("api-key", "list")).ExitCode);
    }

    [Fact]
    [Trait(RequirementTests.Trait, "R11")]
    public async Task AnotherUsersKey_CannotBeRevoked_AndIsNotListed()
    {
        var (mine, theirs) = (await UserAsync("mine"), await UserAsync("theirs"));
        var key = (await theirs.SucceedAsync("api-key", "create")).Trim();

        Assert.DoesNotContain(key[4..16], await mine.SucceedAsync("api-key", "list", "-o", "name"), StringComparison.Ordinal);
        Assert.Equal(3, (await mine.PlantonAsync("api-key", "revoke", key[4..16], "--yes")).ExitCode);

        Assert.Equal(0, (await Installation.PlantonWithAsync([("PLANTON_API_KEY", key)], "auth", "who")).ExitCode);
    }

    [Fact]
    [Trait(RequirementTests.Trait, "R11")]
    public async Task AContext_IsShownAndChanged_AndTheFileHoldsWhatWasChosenAlone()
    {
        await Installation.SucceedAsync("org", "create", "chosen");
        await Installation.SucceedAsync("environment", "create", "staging", "--org", "chosen");
        var key = (await Installation.SucceedAsync("api-key", "create")).Trim();
        var login = new Login(Installation, "chooser");
        var none = await login.PlantonAsync("context", "get");
        Assert.Equal((2, ""), (none.ExitCode, none.Output));
        Assert.Contains("planton auth login", none.Error, StringComparison.Ordinal);
        await login.WithAsync(key, "--org", "default");
        var (server, url) = (login.Server, Installation.Server.Addresses.Http);
        Assert.Equal(Config(server, url, key, "  organization: default\n"), await login.ReadConfigAsync());

        Assert.Equal($"{server}\n", await login.SucceedAsync("context", "get", "-o", "name"));
        Assert.Equal(["CURRENT NAME SERVER ORGANIZATION ENVIRONMENT LOGGED IN", $"* {server} {url} default yes"], Cells(await login.SucceedAsync("context", "list")));
        using var json = JsonDocument.Parse(await login.SucceedAsync("context", "get", "-o", "json"));
        Assert.Equal(
            $$"""{"name":"{{server}}","server":"{{url}}","organization":"default","current":true,"loggedIn":true}""",
            JsonSerializer.Serialize(json.RootElement));

        var set = await login.PlantonAsync("context", "set", "--org", "chosen", "--env", "staging");
        Assert.Equal((0, "", $"Current context: {server}, organization chosen, environment staging.\n"), (set.ExitCode, set.Output, set.Error));
        Assert.Equal(Config(server, url, key, "  organization: chosen\n  environment: staging\n"), await login.ReadConfigAsync());
        // What was chosen is what the next command uses.
        await login.SucceedAsync("variable", "set", "region", "eu-west-1");
        Assert.Contains("staging", await Installation.SucceedAsync("variable", "get", "region", "--org", "chosen", "--env", "staging"), StringComparison.Ordinal);

        // An environment belongs to its organization.
        await login.SucceedAsync("context", "set", "--org", "default");
        Assert.Equal(Config(server, url, key, "  organization: default\n"), await login.ReadConfigAsync());
        Assert.Equal(2, (await login.PlantonAsync("context", "set")).ExitCode);
        Assert.Equal(2, (await login.PlantonAsync("context", "set", "--org", "Not A Name")).ExitCode);
        Assert.Equal(3, (await login.PlantonAsync("context", "set", "nowhere")).ExitCode);
        Assert.Equal(Config(server, url, key, "  organization: default\n"), await login.ReadConfigAsync());
    }

    [Fact]
    [Trait(RequirementTests.Trait, "R11")]
    public async Task Logout_RemovesTheKeyFromTheFile_AndTheKeyStaysValidUntilItIsRevoked()
    {
        var key = (await Installation.SucceedAsync("api-key", "create")).Trim();
        var login = new Login(Installation, "leaver");
        await login.WithAsync(key, "--org", "default");
        var (server, url) = (login.Server, Installation.Server.Addresses.Http);

        var left = await login.PlantonAsync("auth", "logout");

        Assert.Equal((0, "", $"Forgot the API key of {url}. The key itself stays valid until it is revoked.\n"), (left.ExitCode, left.Output, left.Error));
        Assert.Equal(Config(server, url, null, "  organization: default\n"), await login.ReadConfigAsync());
        Assert.Equal([login.ConfigFile], Directory.GetFiles(login.Home, "*", SearchOption.AllDirectories));
        Assert.Equal($"* {server} {url} default no", Cells(await login.SucceedAsync("context", "list"))[1]);
        var who = await login.PlantonAsync("auth", "who");
        Assert.Equal(4, who.ExitCode);
        Assert.Equal(
            $"Error: not logged in to {url}\nHint: Log in: planton auth login --server {url} --api-key - (or set PLANTON_API_KEY).\n", who.Error);
        var again = await login.PlantonAsync("auth", "logout");
        Assert.Equal((0, $"Not logged in to {url}.\n"), (again.ExitCode, again.Error));
        Assert.Equal(0, (await Installation.PlantonWithAsync([("PLANTON_API_KEY", key)], "auth", "who")).ExitCode);
    }

    private static IReadOnlyList<string> Cells(string table) =>
        [.. table.TrimEnd('\n').Split('\n').Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries)))];

    private static string Config(string server, string url, string? key, string chosen) =>
        $"apiVersion: planton.dev/v1\nkind: Config\nservers:\n- name: {server}\n  url: {url}\n{(key is null ? "" : $"  apiKey: {key}\n")}"
        + $"contexts:\n- name: {server}\n  server: {server}\n{chosen}currentContext: {server}\n";

    private async Task<Login> UserAsync(string name)
    {
        var login = new Login(Installation, name);
        await login.WithAsync((await Installation.SucceedAsync("user", "create", name)).Trim());
        return login;
    }
}
