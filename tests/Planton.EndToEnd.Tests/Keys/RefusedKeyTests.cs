using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using Planton.EndToEnd.Tests.Installations;

namespace Planton.EndToEnd.Tests.Keys;

/// <summary>What the command line says of a key that is not good any more: which of the reasons, where the key came from, and what to do.</summary>
public sealed partial class RefusedKeyTests(CommonInstallation common) : InstallationTest(common)
{
    private const string FromVariable = "  The key comes from PLANTON_API_KEY.";
    private const string AskForAnother = "Hint: Ask for a new key, or log in again with: planton auth login.";
    private const string Unknown = "Error: the API key is unknown to this control plane";
    private const string CheckServer = "Hint: Check the server's address, or ask for a new key.";

    [Fact]
    public async Task ARevokedKey_IsCalledRevoked_WithItsIdAndTheTime()
    {
        await Installation.SucceedAsync("service-account", "create", "revoked");
        var key = (await Installation.SucceedAsync("service-account", "key", "create", "revoked")).Trim();
        await IsTakenAsync(key);
        await Installation.SucceedAsync("service-account", "key", "revoke", "revoked", Id(key), "--yes");

        var lines = await RefusedAsync(key);

        var keys = await Installation.Api.ListServiceAccountKeysAsync(PlantonInstallation.Organization, "revoked", Token);
        var at = Assert.Single(keys.Items).RevokedAt!.Value;
        Assert.Equal([$"Error: API key {Id(key)} was revoked at {at.UtcDateTime:u}", FromVariable, AskForAnother], lines);
    }

    [Fact]
    public async Task AnExpiredKey_IsCalledExpired_WithItsIdAndTheTime()
    {
        await Installation.SucceedAsync("service-account", "create", "expired");
        var key = (await Installation.SucceedAsync("service-account", "key", "create", "expired", "--expires-in", "1h")).Trim();
        // The shortest life of a key is a minute: it is moved to the past in the file, before the key is used for the first time.
        var expired = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() - 60);
        await ExpireAsync(Id(key), expired);

        var lines = await RefusedAsync(key);

        Assert.Equal([$"Error: API key {Id(key)} expired at {expired.UtcDateTime:u}", FromVariable, AskForAnother], lines);
        var listed = await Installation.SucceedAsync("service-account", "key", "list", "expired");
        Assert.Matches($"{Id(key)} +expired ", listed);
    }

    [Fact]
    public async Task TheKeyOfADeletedUser_IsUnknown_AndSoIsTheKeyOfADeletedServiceAccount()
    {
        var ofUser = (await Installation.SucceedAsync("user", "create", "gone")).Trim();
        await Installation.SucceedAsync("service-account", "create", "gone");
        var ofAccount = (await Installation.SucceedAsync("service-account", "key", "create", "gone")).Trim();
        await IsTakenAsync(ofUser);
        await IsTakenAsync(ofAccount);
        await Installation.SucceedAsync("user", "delete", "gone", "--yes");
        await Installation.SucceedAsync("service-account", "delete", "gone", "--yes");

        Assert.Equal([Unknown, FromVariable, CheckServer], await RefusedAsync(ofUser));
        Assert.Equal([Unknown, FromVariable, CheckServer], await RefusedAsync(ofAccount));
    }

    [Fact]
    public async Task AKeyThatIsKeptInTheConfiguration_IsSaidToComeFromThere()
    {
        await Installation.SucceedAsync("service-account", "create", "kept");
        var key = (await Installation.SucceedAsync("service-account", "key", "create", "kept")).Trim();
        var login = new Login(Installation, "kept");
        await login.WithAsync(key);
        await Installation.SucceedAsync("service-account", "key", "revoke", "kept", Id(key), "--yes");

        var refused = await login.PlantonAsync("auth", "who");

        Assert.Equal((4, ""), (refused.ExitCode, refused.Output));
        var lines = refused.Error.TrimEnd().Split('\n');
        Assert.Matches(Revoked(), lines[0]);
        Assert.Equal([$"  The key comes from the configuration, stored for {Installation.Server.Addresses.Http}.", AskForAnother], lines[1..]);
    }

    [GeneratedRegex(@"^Error: API key [0-9A-Za-z]{12} was revoked at 20\d\d-\d\d-\d\d \d\d:\d\d:\d\dZ$")]
    private static partial Regex Revoked();

    private static string Id(string key) => key[4..16];

    private async Task IsTakenAsync(string key)
    {
        var who = await Installation.PlantonWithAsync([("PLANTON_API_KEY", key)], "auth", "who");
        Assert.True(who.ExitCode == 0, who.ToString());
    }

    /// <summary>The lines of the refusal, which are the same for the API and for the Kubernetes API, and never hold the key.</summary>
    private async Task<string[]> RefusedAsync(string key)
    {
        var api = await Installation.PlantonWithAsync([("PLANTON_API_KEY", key)], "auth", "who");
        var kubernetes = await Installation.PlantonWithAsync([("PLANTON_API_KEY", key)], "kubectl", "get", "pods", "--connection", "any");
        Assert.Equal((4, ""), (api.ExitCode, api.Output));
        Assert.Equal((4, ""), (kubernetes.ExitCode, kubernetes.Output));
        Assert.Equal(api.Error, kubernetes.Error);
        Assert.DoesNotContain(key[16..48], api.Error, StringComparison.Ordinal);
        return api.Error.TrimEnd().Split('\n');
    }

    private async Task ExpireAsync(string id, DateTimeOffset at)
    {
        await using var database = new SqliteConnection($"Data Source={Path.Combine(Installation.Server.Data, "planton.db")};Pooling=False;Default Timeout=20");
        await database.OpenAsync(Token);
        await using var command = database.CreateCommand();
        command.CommandText = "UPDATE api_keys SET ExpiresAt = $at WHERE Id = $id AND ExpiresAt IS NOT NULL";
        command.Parameters.AddWithValue("$at", at.ToUnixTimeMilliseconds());
        command.Parameters.AddWithValue("$id", id);
        Assert.Equal(1, await command.ExecuteNonQueryAsync(Token));
    }
}
