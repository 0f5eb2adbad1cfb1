using Planton.Testing.Databases;

namespace Planton.EndToEnd.Tests.Installations;

/// <summary>
/// The data folder and the database of a server after its first start, made once a run and copied: migrations, keys and
/// certificates take longer than a start that finds them. Copies share the CA, the trust domain and the first user's key.
/// </summary>
public sealed class ServerTemplate : IAsyncDisposable
{
    private const string PostgreSqlName = "planton-end-to-end-template";

    private static readonly Lazy<Task<TemporaryFolder>> Sqlite = new(() => MakeAsync(DatabaseKind.Sqlite));
    private static readonly Lazy<Task<TemporaryFolder>> PostgreSql = new(() => MakeAsync(DatabaseKind.PostgreSql));

    /// <summary>Makes the data folder, and the database, of a server that was started and stopped once.</summary>
    internal static async Task CopyToAsync(ServerData data)
    {
        var template = DataIn(await (data.Database == DatabaseKind.Sqlite ? Sqlite : PostgreSql).Value);
        Directory.CreateDirectory(data.Folder);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(data.Folder, File.GetUnixFileMode(template));
        foreach (var file in Directory.GetFiles(template).Where(file => Path.GetFileName(file) != "addresses.json"))
            File.Copy(file, Path.Combine(data.Folder, Path.GetFileName(file)));
        if (data.Database == DatabaseKind.PostgreSql)
            _ = PostgreSqlServer.UrlOf(data.DatabaseName, copyOf: PostgreSqlName);
    }

    /// <summary>Removes the folders.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var template in (Lazy<Task<TemporaryFolder>>[])[Sqlite, PostgreSql])
        {
            if (template is { IsValueCreated: true, Value: { IsCompletedSuccessfully: true } made })
                (await made).Dispose();
        }
    }

    private static string DataIn(TemporaryFolder folder) => Path.Combine(folder.FullName, "data");

    private static async Task<TemporaryFolder> MakeAsync(DatabaseKind database)
    {
        var folder = new TemporaryFolder();
        try
        {
            await using var server = await ServerProgram.StartAsync(new ServerData(DataIn(folder), database, PostgreSqlName), TestContext.Current.CancellationToken);
            await server.StopAsync();
            return folder;
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }
}
