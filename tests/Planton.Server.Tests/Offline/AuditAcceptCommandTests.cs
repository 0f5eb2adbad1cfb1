using Microsoft.EntityFrameworkCore;
using Planton.Server.Audit;
using Planton.Server.Hosting;
using Planton.Server.Offline;
using Planton.Server.Tests.Audit;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Offline;

/// <summary><c>planton-server audit accept-rollback</c>: the only way on, and one that leaves its own record.</summary>
public abstract class AuditAcceptCommandTests(DatabaseKind database) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Mark => Path.Combine(_folder.Data, AuditMark.FileName);

    public void Dispose()
    {
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task ARollbackIsAccepted_ThenTheServerStarts_AndTheTrailSaysSo()
    {
        var hash = await RollBackAsync();
        var (verified, _) = await RunAsync(AuditVerifyCommand.RunAsync);
        Assert.Equal(ServerExit.Failed, verified);

        var (exit, output) = await RunAsync(AuditAcceptCommand.RunAsync);

        Assert.Equal(ServerExit.Ok, exit);
        Assert.Contains("Accepted and recorded: it ends at record 1, and this server has seen record 4", output, StringComparison.Ordinal);
        await using var server = await StartAsync();
        var verification = await server.Admin.VerifyAuditAsync(Cancellation);
        Assert.True(verification.Ok, verification.Reason);
        var record = await server.QueryAsync(context => context.AuditRecords.SingleAsync(record => record.Action == AuditAction.AcceptRollback, Cancellation));
        Assert.Equal((2, "system", AuditOutcome.Allowed), (record.Sequence, record.ActorKind, record.Outcome));
        Assert.Contains($"record 4 with hash {hash} was seen before", record.Detail, StringComparison.Ordinal);
        await server.FillAsync(1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AMarkThatIsAlteredOrMissing_IsMadeAnew(bool altered)
    {
        await FillAsync(1);
        if (altered)
            await File.WriteAllTextAsync(Mark, "altered", Cancellation);
        else
            File.Delete(Mark);
        var (_, output) = await RunAsync(AuditAcceptCommand.RunAsync);
        // A folder of another server of the same PostgreSQL has no mark either.
        Assert.Contains(altered || database == DatabaseKind.Sqlite ? "Accepted" : "Nothing was changed", output, StringComparison.Ordinal);
        await using var server = await StartAsync();
        Assert.True((await server.VerifyAsync()).Ok);
    }

    [Fact]
    public async Task WhereThereIsNothingToAccept_NothingIsChanged()
    {
        await FillAsync(1);
        var (exit, output) = await RunAsync(AuditAcceptCommand.RunAsync);
        Assert.Equal((ServerExit.Ok, true), (exit, output.Contains("Nothing was changed", StringComparison.Ordinal)));
        await using var server = await StartAsync();
        Assert.Equal(2, (await server.VerifyAsync()).Records);
    }

    [Theory]
    [InlineData("UPDATE audit_head SET \"Sequence\" = 1", "that is no earlier state")]
    [InlineData("DELETE FROM audit_head", "there is nothing to go on with")]
    public async Task WhatIsNoEarlierState_IsNotAccepted(string tampering, string says)
    {
        await FillAsync(1);
        await using (var server = await StartAsync())
            await server.TamperAsync(tampering);
        var refused = await Assert.ThrowsAsync<StartupException>(() => RunAsync(AuditAcceptCommand.RunAsync));
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
        Assert.Contains("put back a backup", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BesideARolledBackDatabase_NoOtherCommandChangesAnything()
    {
        await RollBackAsync();
        var authority = await Assert.ThrowsAsync<StartupException>(() => AuthorityRotateCommand.RunAsync(Options, TextWriter.Null, Cancellation));
        Assert.Contains("no authority was added: the audit trail was put back", authority.Message, StringComparison.Ordinal);
        var rotation = await Assert.ThrowsAsync<StartupException>(() => MasterKeyRotateCommand.RunAsync(Options, null, TextWriter.Null, Cancellation));
        Assert.Contains("the master key is not changed: the audit trail was put back", rotation.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheCommandLineHasIt()
    {
        await RollBackAsync();
        var output = new StringWriter();
        var command = new ServerCommand(output, TextWriter.Null, _ => null, (_, _, _) => Task.FromResult(0));
        string[] url = database == DatabaseKind.Sqlite ? [] : ["--database", TestDatabase.EmptyUrl(_folder)];
        Assert.Equal(ServerExit.Ok, await command.InvokeAsync(["audit", "accept-rollback", "--data", _folder.Data, .. url], Cancellation));
        Assert.Contains("Accepted", output.ToString(), StringComparison.Ordinal);
    }

    private ServerOptions Options => ServerFixture.OptionsIn(_folder, database);

    private Task<ServerFixture> StartAsync() => ServerFixture.StartInAsync(_folder, database: database);

    private async Task FillAsync(int count)
    {
        await ServerTemplate.CopyToAsync(_folder, database);
        await using var server = await StartAsync();
        await server.FillAsync(count);
    }

    // To the one record of the first start; returns the hash of the last one of four.
    private async Task<string> RollBackAsync()
    {
        await ServerTemplate.CopyToAsync(_folder, database);
        await using var server = await StartAsync();
        var head = await server.QueryAsync(context => context.AuditHeads.AsNoTracking().SingleAsync(Cancellation));
        await server.FillAsync(3);
        var last = await server.QueryAsync(context => context.AuditHeads.Select(row => row.Hash).SingleAsync(Cancellation));
        await server.TamperAsync(
            "DELETE FROM audit_records WHERE \"Sequence\" > 1",
            $"UPDATE audit_head SET \"Sequence\" = 1, \"Hash\" = '{head.Hash}', \"Signature\" = '{head.Signature}'");
        return last;
    }

    private async Task<(int Exit, string Output)> RunAsync(Func<ServerOptions, TextWriter, CancellationToken, Task<int>> command)
    {
        var output = new StringWriter();
        return (await command(Options, output, Cancellation), output.ToString());
    }
}

public sealed class AuditAcceptCommandTestsOnSqlite() : AuditAcceptCommandTests(DatabaseKind.Sqlite);

public sealed class AuditAcceptCommandTestsOnPostgreSql() : AuditAcceptCommandTests(DatabaseKind.PostgreSql);
