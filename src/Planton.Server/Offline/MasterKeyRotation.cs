using Microsoft.EntityFrameworkCore;
using Planton.Server.Audit;
using Planton.Server.CertificateAuthority;
using Planton.Server.Encryption;
using Planton.Server.Hosting;
using Planton.Server.Storage;

namespace Planton.Server.Offline;

/// <summary>
/// Changes the master key of a stopped server. The database changes in one transaction; the file after it. While they disagree
/// both keys are on disk, and <see cref="MasterKeyRecovery"/> finds out which one is right.
/// </summary>
/// <param name="options">The server's.</param>
/// <param name="newFile">Where the new key is or is to be; null: in place of the one in the data folder.</param>
/// <param name="reached">Told of each step.</param>
internal sealed class MasterKeyRotation(ServerOptions options, string? newFile, Action<MasterKeyStep>? reached = null)
{
    /// <summary>Returns how many values are under the new key now.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        if (options.MasterKeyFile is not null && newFile is null)
            throw new StartupException("--master-key-file is yours, and so is the new one: say where it is with --new-master-key-file");
        var data = await OfflineData.OpenAsync(options, cancellationToken).ConfigureAwait(false);
        await using var _ = data.ConfigureAwait(false);
        var folder = data.Get<DataDirectory>();
        var file = newFile is null ? folder.PathOf(MasterKeyFile.NextName) : Path.GetFullPath(newFile);
        var next = File.Exists(file) ? MasterKeyFile.Read(file) : MasterKeyFile.Create(file);
        reached?.Invoke(MasterKeyStep.KeyWritten);
        var count = await ResealAsync(data, next, cancellationToken).ConfigureAwait(false);
        reached?.Invoke(MasterKeyStep.Committed);
        data.Get<AuditMark>().TakeNext();
        File.Delete(folder.PathOf(ServerCertificateStore.FileName));
        reached?.Invoke(MasterKeyStep.CertificateRemoved);
        if (newFile is null)
            File.Move(file, folder.PathOf(MasterKeyFile.DefaultName), overwrite: true);
        reached?.Invoke(MasterKeyStep.Done);
        return count;
    }

    private async Task<int> ResealAsync(OfflineData data, MasterKey next, CancellationToken cancellationToken)
    {
        var transaction = await data.Contexts.BeginAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = transaction.ConfigureAwait(false);
        var context = transaction.Context;
        var head = await context.AuditHeads.AsNoTracking().SingleOrDefaultAsync(cancellationToken).ConfigureAwait(false);
        if (head is not null && new AuditHeadSigner(next).IsGenuine(head))
            throw new StartupException("the data is under the new master key already: start the server with it");
        // Chained under the old key, whose last record it is.
        data.Get<IAuditLog>().Append(context, OfflineRecord.Of(AuditAction.RotateMasterKey, "platform/master-key", "everything is sealed anew"));
        int count;
        try
        {
            count = await MasterKeyResealing.RunAsync(context, data.Get<MasterKey>(), next, cancellationToken).ConfigureAwait(false);
        }
        catch (AuditNotWrittenException exception)
        {
            throw new StartupException($"the master key is not changed: {exception.Message}", exception);
        }

        await data.Get<AuditMark>().WriteNextAsync(next, cancellationToken).ConfigureAwait(false);
        reached?.Invoke(MasterKeyStep.Resealed);
        await transaction.CommitAsync(CancellationToken.None).ConfigureAwait(false);
        return count;
    }
}
