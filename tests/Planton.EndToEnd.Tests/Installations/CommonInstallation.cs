namespace Planton.EndToEnd.Tests.Installations;

/// <summary>
/// One installation on SQLite for all classes whose tests leave what others made alone: each has names of its own for its runners,
/// connections, secrets, users and organizations. Tests that change a default, look for lines in the server's log or stop the server
/// take an <see cref="InstallationFixture"/>.
/// </summary>
public sealed class CommonInstallation() : SharedInstallation(DatabaseKind.Sqlite);
