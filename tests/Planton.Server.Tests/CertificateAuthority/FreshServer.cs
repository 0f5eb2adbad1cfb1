using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.CertificateAuthority;

/// <summary>A server whose own certificate is as old as the server, where those of other classes are as old as the template.</summary>
public sealed class FreshServer() : SharedServer(DatabaseKind.Sqlite)
{
    public DateTimeOffset StartedAt { get; private set; }

    private protected override Task<ServerFixture> StartAsync(DatabaseKind database)
    {
        StartedAt = TimeProvider.System.GetUtcNow();
        return ServerFixture.StartAsync(database: database, fresh: true);
    }
}
