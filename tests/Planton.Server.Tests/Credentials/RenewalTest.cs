using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Planton.Api.Runners;
using Planton.Server.Audit;
using Planton.Server.CertificateAuthority;
using Planton.Server.Credentials;
using Planton.Server.Tests.Fixture;
using Planton.Tunnel.Gateway;
using Planton.Tunnel.Links;
using Planton.Tunnel.Runner;

namespace Planton.Server.Tests.Credentials;

/// <summary>A server, and runners on real tunnels whose certificates are renewed.</summary>
public abstract class RenewalTest : IAsyncLifetime
{
    private readonly List<IAsyncDisposable> _started = [];

    private protected ServerFixture Server { get; private set; } = null!;

    private protected static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private protected virtual CertificateOptions Certificates { get; } = new();

    public async ValueTask InitializeAsync() => Server = await ServerFixture.StartAsync(options => options with { Certificates = Certificates });

    public async ValueTask DisposeAsync()
    {
        foreach (var started in Enumerable.Reverse(_started))
            await started.DisposeAsync();
        await Server.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected async Task<ConnectedRunner> ConnectAsync(
        string name = "prod", string? org = "default", Action<TunnelRunnerOptions>? configure = null, RunnerCredentials? credentials = null)
    {
        credentials ??= (await Server.Admin.GenerateCredentialsAsync(org, name, Cancelled)).Credentials;
        var runner = await ConnectedRunner.StartAsync(credentials, context => context.Response.WriteAsync("here"), configure: configure);
        _started.Add(runner);
        await runner.Link.WaitForStartAsync(Cancelled);
        return runner;
    }

    private protected async Task<GatewayTunnel> TunnelOfAsync(ConnectedRunner runner, params GatewayTunnel[] otherThan)
    {
        GatewayTunnel? found = null;
        await Expect.EventuallyAsync("the runner has a ready tunnel", () => Task.FromResult(
            (found = Server.Get<TunnelRegistry>().Of(runner.Credentials.Metadata!.RunnerId!)
                .FirstOrDefault(tunnel => tunnel.State == LinkState.Ready && !otherThan.Contains(tunnel))) is not null));
        return found!;
    }

    /// <summary>As the gateway does when the runner at the other end of <paramref name="tunnel"/> asks.</summary>
    private protected Task<CertificateRenewal> AskAsync(GatewayTunnel tunnel, byte[] request) =>
        Server.Get<RunnerCertificateRenewal>().RenewAsync(tunnel, request, Cancelled);

    private protected static byte[] SigningRequest(Action<CertificateRequest>? change = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=somebody else", key, HashAlgorithmName.SHA256);
        change?.Invoke(request);
        return request.CreateSigningRequest();
    }

    private protected Task<List<AuditRecordEntity>> RecordsAsync() => Server.QueryAsync(context => context.AuditRecords
        .Where(record => record.Action == AuditAction.RenewCertificate).OrderBy(record => record.Sequence).ToListAsync(Cancelled));

    private protected Task<int> CertificatesAsync() => Server.QueryAsync(context => context.RunnerCertificates.CountAsync(Cancelled));
}
