using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Planton.Api.Runners;
using Planton.Server.Audit;
using Planton.Server.Credentials;
using Planton.Server.Tests.Fixture;
using Planton.Tunnel.Gateway;
using Planton.Tunnel.Links;
using Planton.Tunnel.Runner;

namespace Planton.Server.Tests.Credentials;

/// <summary>A test with runners on real tunnels whose certificates are renewed, in the test's organization.</summary>
public abstract class RenewalTest(SharedServer shared) : SharedServerTest(shared)
{
    private readonly List<IAsyncDisposable> _started = [];

    public override async ValueTask DisposeAsync()
    {
        foreach (var started in Enumerable.Reverse(_started))
            await started.DisposeAsync();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected async Task<ConnectedRunner> ConnectAsync(
        string name = "prod", Action<TunnelRunnerOptions>? configure = null, RunnerCredentials? credentials = null)
    {
        credentials ??= (await Admin.GenerateCredentialsAsync(Org, name, Cancellation)).Credentials;
        var runner = await ConnectedRunner.StartAsync(credentials, context => context.Response.WriteAsync("here"), configure: configure);
        _started.Add(runner);
        await runner.Link.WaitForStartAsync(Cancellation);
        return runner;
    }

    private protected async Task<GatewayTunnel> TunnelOfAsync(ConnectedRunner runner, params GatewayTunnel[] otherThan)
    {
        GatewayTunnel? found = null;
        await Eventually.BecomesTrueAsync(
            () => (found = Server.Get<TunnelRegistry>().Of(runner.Credentials.Metadata!.RunnerId!)
                .FirstOrDefault(tunnel => tunnel.State == LinkState.Ready && !otherThan.Contains(tunnel))) is not null,
            "the runner has a ready tunnel",
            cancellationToken: Cancellation);
        return found!;
    }

    /// <summary>As the gateway does when the runner at the other end of <paramref name="tunnel"/> asks.</summary>
    private protected Task<CertificateRenewal> AskAsync(GatewayTunnel tunnel, byte[] request) =>
        Server.Get<RunnerCertificateRenewal>().RenewAsync(tunnel, request, Cancellation);

    private protected static byte[] SigningRequest(Action<CertificateRequest>? change = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=another name", key, HashAlgorithmName.SHA256);
        change?.Invoke(request);
        return request.CreateSigningRequest();
    }

    private protected Task<List<AuditRecordEntity>> RecordsAsync() => Server.QueryAsync(context => context.AuditRecords
        .Where(record => record.Action == AuditAction.RenewCertificate && record.OrganizationId == OrgId).OrderBy(record => record.Sequence).ToListAsync(Cancellation));

    /// <summary>How many certificates were issued to a runner.</summary>
    private protected Task<int> CertificatesAsync(ConnectedRunner runner)
    {
        var runnerId = runner.Credentials.Metadata!.RunnerId;
        return Server.QueryAsync(context => context.RunnerCertificates.CountAsync(
            certificate => context.RunnerCredentials.Any(c => c.Id == certificate.CredentialId && c.RunnerId == runnerId), Cancellation));
    }
}
