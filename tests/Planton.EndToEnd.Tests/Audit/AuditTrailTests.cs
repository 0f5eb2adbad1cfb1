using System.Text.Json;
using Microsoft.Data.Sqlite;
using Planton.Api;
using Planton.Api.Audit;
using Planton.EndToEnd.Tests.Installations;
using Planton.EndToEnd.Tests.Refusals;
using Planton.Testing.Processes;

namespace Planton.EndToEnd.Tests.Audit;

/// <summary>The trail as an operator reads it: what was refused is in it, and what was changed in the file behind its back is found.</summary>
public sealed class AuditTrailTests(InstallationFixture fixture) : IClassFixture<InstallationFixture>
{
    private readonly PlantonInstallation _shared = fixture.Installation;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WhatWasRefusedIsListed_ByWhomAndWhy_AndFoundByItsOperation()
    {
        var key = CredentialsFile.Read(await _shared.MakeCredentialsAsync("reader")).ApiKey!;

        var refused = await _shared.PlantonWithAsync([("PLANTON_API_KEY", key)], "connection", "delete", "prod", "--yes", "--verbose");

        Assert.Equal(4, refused.ExitCode);
        var operation = refused.Error.Split("Operation: ")[1].Trim();
        var denied = Assert.Single((await ListAsync(_shared, "--outcome", "denied", "--since", "10m")).Items);
        Assert.Equal(("connection.delete", "permission_denied", operation), (denied.Action, denied.Code, denied.OperationId));
        Assert.Equal("service-account", denied.Actor.Kind);
        Assert.Contains("connection/prod", denied.Resource, StringComparison.Ordinal);
        Assert.Equal(denied, Assert.Single((await ListAsync(_shared, "--operation", operation)).Items));
        Assert.Contains((await ListAsync(_shared, "--action", "runner.*")).Items, record => record is { Action: "runner.generate-credentials", Outcome: "allowed" });
        // A runner's account may not read the trail, nor verify it; neither may those who are not the operator see it all.
        Assert.Equal(4, (await _shared.PlantonWithAsync([("PLANTON_API_KEY", key)], "audit", "list")).ExitCode);
        Assert.Equal(4, (await _shared.PlantonWithAsync([("PLANTON_API_KEY", key)], "audit", "verify")).ExitCode);
    }

    [Fact]
    public async Task WhatIsRecordedLaterIsFollowed_ARecordALine_UntilCtrlC()
    {
        var follower = _shared.StartPlanton("audit", "list", "--follow", "--action", "runner.register", "-o", "json");
        await _shared.SucceedAsync("runner", "register", "followed");

        await follower.WaitForLineAsync(line => line.Contains("runner/followed", StringComparison.Ordinal), "the record of it", TimeSpan.FromSeconds(30), Token);
        var record = JsonSerializer.Deserialize(follower.OutputLines[^1], PlantonJson.Default.AuditRecord)!;
        follower.Signal(ProcessSignal.Interrupt);

        Assert.Equal("runner.register", record.Action);
        Assert.Equal(130, await follower.WaitForExitAsync(TimeSpan.FromSeconds(20), Token));
    }

    [Fact]
    public async Task ARowThatWasAlteredInTheFile_IsFound()
    {
        await using var installation = await PlantonInstallation.StartAsync();
        await installation.SucceedAsync("runner", "register", "innocent");
        var sound = await installation.PlantonAsync("audit", "verify", "-o", "json");
        Assert.True(sound.ExitCode == 0, sound.ToString());
        var head = JsonSerializer.Deserialize(sound.Output, PlantonJson.Default.AuditVerification)!.Head;
        Assert.Equal(64, head!.Length);
        var altered = Assert.Single((await ListAsync(installation, "--action", "runner.register")).Items).Sequence;

        await AlterAsync(installation, altered);
        var found = await installation.PlantonAsync("audit", "verify");

        Assert.Equal(1, found.ExitCode);
        Assert.Contains($"record {altered}: its hash does not fit it", found.Error, StringComparison.Ordinal);
        // The same is said of the file alone, without a server.
        await installation.Server.StopAsync();
        var offline = await installation.Server.RunCommandAsync("audit", "verify");
        Assert.Equal(1, offline.ExitCode);
        Assert.Equal(altered, JsonSerializer.Deserialize(offline.Output, PlantonJson.Default.AuditVerification)!.FirstBad);
    }

    private static async Task<AuditPage> ListAsync(PlantonInstallation installation, params string[] filters) =>
        JsonSerializer.Deserialize(await installation.SucceedAsync(["audit", "list", .. filters, "-o", "json"]), PlantonJson.Default.AuditPage)!;

    /// <summary>Drops the triggers that forbid it first.</summary>
    private static async Task AlterAsync(PlantonInstallation installation, long sequence)
    {
        await using var database = new SqliteConnection($"Data Source={Path.Combine(installation.Server.Data, "planton.db")};Pooling=False;Default Timeout=20");
        await database.OpenAsync(Token);
        await using var command = database.CreateCommand();
        command.CommandText = "DROP TRIGGER audit_records_no_update; UPDATE audit_records SET ActorName = 'somebody-else' WHERE Sequence = $sequence;";
        command.Parameters.AddWithValue("$sequence", sequence);
        Assert.Equal(1, await command.ExecuteNonQueryAsync(Token));
    }
}
