namespace Planton.EndToEnd.Tests.Installations;

/// <summary>One installation on SQLite for the tests of a class. It runs before the first test is constructed.</summary>
public sealed class InstallationFixture() : SharedInstallation(DatabaseKind.Sqlite)
{
    public override async ValueTask InitializeAsync() => await GetAsync();
}
