using Planton.Testing.Databases;

[assembly: AssemblyFixture(typeof(Planton.Server.Tests.Fixture.ServerTemplateEnd))]
[assembly: AssemblyFixture(typeof(PostgreSqlServerEnd))]
[assembly: TestCollectionOrderer(typeof(SlowFirst))]

namespace Planton.Server.Tests.Fixture;

/// <summary>
/// The data folder and the database of a server after its first start, made once a run and copied: migrations, keys and certificates
/// take several times as long as a start that finds them. Copies share the authority, the trust domain and the first user's key.
/// </summary>
internal static class ServerTemplate
{
    private const string PostgreSqlName = "planton-template";

    private static readonly Lazy<Task<TemporaryFolder>> Sqlite = new(() => MakeAsync(null));
    private static readonly Lazy<Task<TemporaryFolder>> PostgreSql = new(() => MakeAsync(PostgreSqlServer.UrlOf(PostgreSqlName)));

    /// <summary>Gives a folder the data folder, and its database the content, of a server that was started once.</summary>
    public static async Task CopyToAsync(TemporaryFolder folder, DatabaseKind database)
    {
        var template = await (database == DatabaseKind.Sqlite ? Sqlite : PostgreSql).Value;
        Directory.CreateDirectory(folder.Data);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder.Data, File.GetUnixFileMode(template.Data));
        foreach (var file in Directory.GetFiles(template.Data))
            File.Copy(file, Path.Combine(folder.Data, Path.GetFileName(file)));
        if (database == DatabaseKind.PostgreSql)
            TestDatabase.CopyUrl(folder, PostgreSqlName);
    }

    /// <summary>Removes the folders.</summary>
    public static async Task RemoveAsync()
    {
        foreach (var template in new[] { Sqlite, PostgreSql }.Where(template => template.IsValueCreated))
            (await template.Value).Dispose();
    }

    private static async Task<TemporaryFolder> MakeAsync(string? database)
    {
        var folder = new TemporaryFolder();
        await using var server = await ServerFixture.StartInAsync(
            folder, options => database is null ? options : options with { Database = TestDatabase.Parse(database) });
        return folder;
    }
}
