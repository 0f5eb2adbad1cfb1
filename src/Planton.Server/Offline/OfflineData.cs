using Microsoft.EntityFrameworkCore;
using Planton.Server.Audit;
using Planton.Server.CertificateAuthority;
using Planton.Server.Encryption;
using Planton.Server.Hosting;
using Planton.Server.Storage;

namespace Planton.Server.Offline;

/// <summary>A server's data, for commands that look after it. Makes nothing that is not there.</summary>
internal sealed class OfflineData : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private OfflineData(ServiceProvider services) => _services = services;

    public IDbContextFactory<ControlPlaneContext> Contexts => Get<IDbContextFactory<ControlPlaneContext>>();

    /// <summary>A stopped server's data: nobody else may have it open.</summary>
    /// <exception cref="StartupException">It is not there, in use, or of another version.</exception>
    public static async Task<OfflineData> OpenAsync(ServerOptions options, CancellationToken cancellationToken)
    {
        await MasterKeyRecovery.RunAsync(options, cancellationToken).ConfigureAwait(false);
        return await OpenAsync(options, DataDirectory.Open, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The data of a server that may be running: its database alone may be changed.</summary>
    /// <exception cref="StartupException">It is not there, or of another version.</exception>
    public static Task<OfflineData> OpenSharedAsync(ServerOptions options, CancellationToken cancellationToken)
    {
        if (MasterKeyRecovery.IsDue(options))
            throw new StartupException("a change of the master key was interrupted: start the server once, and try again");
        return OpenAsync(options, DataDirectory.OpenShared, cancellationToken);
    }

    private static async Task<OfflineData> OpenAsync(
        ServerOptions options, Func<string, DataDirectory> open, CancellationToken cancellationToken)
    {
        var folder = Path.GetFullPath(options.DataDirectory);
        if (!File.Exists(options.MasterKeyFile ?? Path.Combine(folder, MasterKeyFile.DefaultName)))
            throw new StartupException($"--data: {folder} holds no server's data: there is no {MasterKeyFile.DefaultName}");
        var services = new ServiceCollection();
        services.AddSingleton(options);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(options.Certificates);
        services.AddSingleton(_ => open(folder));
        services.AddSingleton(provider => MasterKeyFile.LoadOrCreate(provider.GetRequiredService<DataDirectory>(), options.MasterKeyFile));
        services.AddStorage(options);
        services.AddAudit();
        services.AddSingleton<AuthorityMaker>();
        var data = new OfflineData(services.BuildServiceProvider());
        try
        {
            await data.CheckAsync(cancellationToken).ConfigureAwait(false);
            return data;
        }
        catch
        {
            await data.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public T Get<T>()
        where T : notnull =>
        _services.GetRequiredService<T>();

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private async Task CheckAsync(CancellationToken cancellationToken)
    {
        // Takes the folder's lock, unless it is shared: what a running server writes meanwhile would be lost or misread.
        Get<DataDirectory>();
        Get<MasterKey>();
        Get<AuditMark>().Load();
        var context = await Contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = context.ConfigureAwait(false);
        if (!await context.Database.CanConnectAsync(cancellationToken).ConfigureAwait(false))
            throw new StartupException("the database cannot be opened");
        if ((await context.Database.GetPendingMigrationsAsync(cancellationToken).ConfigureAwait(false)).Any())
            throw new StartupException("the database is of an earlier version: start this version's server once, and stop it");
    }
}
