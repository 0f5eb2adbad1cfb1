using Planton.Server.CertificateAuthority;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Credentials;

/// <summary>A server whose certificates are issued, renewed or rotated at other rates than in production.</summary>
public class CertificateServer : SharedServer
{
    private readonly CertificateOptions _certificates;

    internal CertificateServer(DatabaseKind database, CertificateOptions certificates)
        : base(database) =>
        _certificates = certificates;

    private protected override Task<ServerFixture> StartAsync(DatabaseKind database) =>
        ServerFixture.StartAsync(options => options with { Certificates = _certificates }, database: database);
}
