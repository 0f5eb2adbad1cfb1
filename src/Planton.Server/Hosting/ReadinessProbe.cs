using Microsoft.EntityFrameworkCore;
using Planton.Server.Audit;
using Planton.Server.Encryption;
using Planton.Server.Storage;

namespace Planton.Server.Hosting;

/// <summary>Tries what every operation needs: the database is read and written, the audit trail can go on, the master key is still there.</summary>
internal sealed class ReadinessProbe(
    IDbContextFactory<ControlPlaneContext> contexts, AuditHeadSigner signer, MasterKey masterKey, DataDirectory data, ServerOptions options, TimeProvider time)
{
    /// <param name="reached">Is told of each step what it means when that takes too long.</param>
    public async Task<Unready?> TryAsync(Action<DatabaseFault> reached)
    {
        try
        {
            return CheckDisk() ?? await CheckDatabaseAsync(reached).ConfigureAwait(false) ?? CheckMasterKey();
        }
        catch (Exception exception)
        {
            // Whatever it is, this server cannot work.
            return new Unready(DatabaseFaults.Of(exception)?.Describe() ?? "the database cannot be used", exception);
        }
    }

    // A small write may still find room in what SQLite's log holds already when a larger one does not.
    private Unready? CheckDisk() =>
        options.Database is null && new DriveInfo(data.Path).AvailableFreeSpace < options.MinFreeDisk
            ? new Unready(DatabaseFault.DataDiskFull.Describe())
            : null;

    private async Task<Unready?> CheckDatabaseAsync(Action<DatabaseFault> reached)
    {
        reached(DatabaseFault.Unanswered);
        var context = await contexts.CreateDbContextAsync(CancellationToken.None).ConfigureAwait(false);
        await using (context.ConfigureAwait(false))
        {
            // Real reads of real tables: that a connection can be opened says little about SQLite.
            await context.Users.AnyAsync().ConfigureAwait(false);
            await context.AuditRecords.AnyAsync().ConfigureAwait(false);
        }

        reached(DatabaseFault.Busy);
        var transaction = await contexts.BeginAsync(CancellationToken.None).ConfigureAwait(false);
        await using var _ = transaction.ConfigureAwait(false);
        var head = await transaction.Context.AuditHeads.AsNoTracking().SingleOrDefaultAsync().ConfigureAwait(false);
        if (head is null || !signer.IsGenuine(head))
            return new Unready("the head of the audit trail is missing or was altered");
        await BeatAsync(transaction.Context).ConfigureAwait(false);
        await transaction.CommitAsync(CancellationToken.None).ConfigureAwait(false);
        return null;
    }

    // Committed, not rolled back: until then neither database has come to its disk.
    private async Task BeatAsync(ControlPlaneContext context)
    {
        var now = time.GetUtcNow();
        if (await context.Heartbeats.ExecuteUpdateAsync(set => set.SetProperty(heartbeat => heartbeat.At, now)).ConfigureAwait(false) > 0)
            return;
        context.Heartbeats.Add(new HeartbeatEntity { At = now });
        await context.SaveChangesAsync().ConfigureAwait(false);
    }

    // In memory it serves until the next start, which would find none.
    private Unready? CheckMasterKey()
    {
        var file = options.MasterKeyFile is { } named ? Path.GetFullPath(named) : data.PathOf(MasterKeyFile.DefaultName);
        if (!File.Exists(file))
            return new Unready("the master key is missing");
        try
        {
            return MasterKeyFile.Read(file).IsSameAs(masterKey) ? null : new Unready("the master key in its file is another one than is in use");
        }
        catch (StartupException exception)
        {
            return new Unready("the master key cannot be read", exception);
        }
    }
}
