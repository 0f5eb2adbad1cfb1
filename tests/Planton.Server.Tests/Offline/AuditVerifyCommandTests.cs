using System.Text.Json;
using Planton.Api;
using Planton.Server.Hosting;
using Planton.Server.Offline;
using Planton.Server.Tests.Audit;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Offline;

public abstract class AuditVerifyCommandTests(DatabaseKind database)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AStoppedServersTrailIsVerified_AndAChangeOfItExits1()
    {
        using var folder = new TemporaryFolder();
        await using (var server = await ServerFixture.StartInAsync(folder, database: database))
            await server.FillAsync(3);
        var (exit, ok) = await RunAsync(folder);
        Assert.Equal((ServerExit.Ok, true, 4), (exit, ok.Ok, ok.Records));
        await using (var server = await ServerFixture.StartInAsync(folder, database: database))
            await server.TamperAsync("UPDATE audit_records SET \"ActorName\" = 'nobody' WHERE \"Sequence\" = 2");
        var (failed, bad) = await RunAsync(folder);
        Assert.Equal((ServerExit.Failed, false, 2), (failed, bad.Ok, bad.FirstBad));
    }

    [Fact]
    public async Task WhileTheServerRuns_ItIsRefused()
    {
        await using var server = await ServerFixture.StartAsync(database: database);
        var refused = await Assert.ThrowsAsync<StartupException>(() => RunAsync(server.Folder));
        Assert.Contains("in use", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFolderThatHoldsNoServersDataIsRefused_AndNothingIsMadeInIt()
    {
        using var folder = new TemporaryFolder();
        var errors = new StringWriter();
        var command = new ServerCommand(TextWriter.Null, errors, _ => null, (_, _, _) => Task.FromResult(0));
        Assert.Equal(ServerExit.Configuration, await command.InvokeAsync(["audit", "verify", "--data", folder.Data], Cancellation));
        Assert.Contains("holds no server's data", errors.ToString(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.Data));
    }

    private async Task<(int Exit, Planton.Api.Audit.AuditVerification Verification)> RunAsync(TemporaryFolder folder)
    {
        var output = new StringWriter();
        var exit = await AuditVerifyCommand.RunAsync(ServerFixture.OptionsIn(folder, database), output, Cancellation);
        return (exit, JsonSerializer.Deserialize(output.ToString(), PlantonJson.Default.AuditVerification)!);
    }
}

public sealed class AuditVerifyCommandTestsOnSqlite() : AuditVerifyCommandTests(DatabaseKind.Sqlite);

public sealed class AuditVerifyCommandTestsOnPostgreSql() : AuditVerifyCommandTests(DatabaseKind.PostgreSql);
