using Microsoft.EntityFrameworkCore;
using Planton.Server.CertificateAuthority;
using Planton.Server.Hosting;
using Planton.Server.Storage;

namespace Planton.Server.Encryption;

/// <summary>
/// Ends a change of the master key that was interrupted between the database and the file: whichever of the two keys the
/// database is under becomes the only one.
/// </summary>
internal static class MasterKeyRecovery
{
    public static bool IsDue(ServerOptions options) => options.MasterKeyFile is null && File.Exists(PathOf(options, MasterKeyFile.NextName));

    /// <exception cref="StartupException">The folder is in use, or neither key opens the database.</exception>
    public static async Task RunAsync(ServerOptions options, CancellationToken cancellationToken)
    {
        if (!IsDue(options))
            return;
        var services = new ServiceCollection();
        services.AddSingleton(_ => DataDirectory.Open(options.DataDirectory));
        services.AddStorage(options);
        var provider = services.BuildServiceProvider();
        await using var _ = provider.ConfigureAwait(false);
        // Takes the folder's lock: a rotation that is under way is none of ours.
        var data = provider.GetRequiredService<DataDirectory>();
        if (!IsDue(options))
            return;
        if (await provider.GetRequiredService<IDatabaseMigrator>().IsEmptyAsync(cancellationToken).ConfigureAwait(false))
            throw data.NotNew("nothing");
        var context = await provider.GetRequiredService<IDbContextFactory<ControlPlaneContext>>().CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var __ = context.ConfigureAwait(false);
        var (before, next) = (PathOf(options, MasterKeyFile.DefaultName), PathOf(options, MasterKeyFile.NextName));
        // Not by its order: a database of an earlier version, whose tables lack columns of this one, is read as well.
        var boxes = await context.CertificateAuthorities.Select(authority => authority.SealedKey).ToListAsync(cancellationToken).ConfigureAwait(false);
        if (boxes.Find(box => box.Length > 0) is not { } box)
            throw new StartupException($"{next}: the database holds nothing that shows which master key it is under");
        if (Opens(next, box))
            File.Move(next, before, overwrite: true);
        else if (Opens(before, box))
            File.Delete(next);
        else
            throw new StartupException($"neither {before} nor {next} is the master key that this data was encrypted with; put back the right one");
    }

    private static bool Opens(string file, byte[] box) =>
        File.Exists(file) && MasterKeyFile.Read(file).TryOpen(AuthorityMaker.KeyPurpose, box, out var _);

    private static string PathOf(ServerOptions options, string name) => Path.Combine(Path.GetFullPath(options.DataDirectory), name);
}
