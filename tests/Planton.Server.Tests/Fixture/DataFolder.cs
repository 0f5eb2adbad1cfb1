namespace Planton.Server.Tests.Fixture;

internal static class DataFolder
{
    extension(TemporaryFolder folder)
    {
        /// <summary>The server's data folder, which the server creates.</summary>
        public string Data => Path.Combine(folder.FullName, "data");
    }
}
