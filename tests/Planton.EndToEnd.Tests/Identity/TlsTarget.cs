using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Planton.EndToEnd.Tests.Identity;

/// <summary>Stands where a cluster would, over HTTPS with a certificate of its own, and remembers which credentials it was shown.</summary>
internal sealed class TlsTarget : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<string> _credentials = new();

    private TlsTarget(WebApplication app, string certificate)
    {
        (_app, CertificatePem) = (app, certificate);
        app.Run(context =>
        {
            _credentials.Enqueue(context.Request.Headers.Authorization.ToString());
            context.Response.ContentType = "application/json";
            return context.Response.WriteAsync("""{"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"1"},"items":[]}""");
        });
    }

    public string Url => _app.Urls.Single();

    /// <summary>What a client must trust to reach it.</summary>
    public string CertificatePem { get; }

    /// <summary>The <c>Authorization</c> of each request that reached it.</summary>
    public IReadOnlyCollection<string> Credentials => _credentials;

    public static async Task<TlsTarget> StartAsync()
    {
        var certificate = MakeCertificate();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate)));
        var target = new TlsTarget(builder.Build(), certificate.ExportCertificatePem());
        await target._app.StartAsync(TestContext.Current.CancellationToken);
        return target;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static X509Certificate2 MakeCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=a target of its own", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddHours(-1), now.AddDays(1));
    }
}
