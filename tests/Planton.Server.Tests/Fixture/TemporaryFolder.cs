namespace Planton.Server.Tests.Fixture;

/// <summary>A folder that is gone after the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("planton-server-").FullName;

    /// <summary>The server's data folder; not made yet.</summary>
    public string Data => System.IO.Path.Combine(Path, "data");

    public string PathOf(string file) => System.IO.Path.Combine(Path, file);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
