using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Planton.Api.Errors;
using Planton.Api.Operations;
using Planton.Runner.Tests.Fixtures;

namespace Planton.Runner.Tests;

/// <summary>A cluster's certificate may name an address of its issuer: a runner that fetched it would dial where no address range allows it.</summary>
public sealed class CertificateDownloadTests
{
    [Theory]
    [InlineData("""{"server":"SERVER"}""")]
    [InlineData("""{"server":"SERVER","insecure-skip-tls-verify":true}""")]
    [InlineData("""{"server":"SERVER","certificate-authority-data":"AUTHORITY"}""")]
    public async Task WhatAStrangersCertificateNames_IsNotFetched(string config)
    {
        var fetched = 0;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        await using var issuer = builder.Build();
        issuer.Run(_ =>
        {
            Interlocked.Increment(ref fetched);
            return Task.CompletedTask;
        });
        await issuer.StartAsync(TestContext.Current.CancellationToken);
        using var authority = new TestAuthority();
        using var certificate = Certificate($"{issuer.Urls.Single()}/issuer.cer");
        using var target = new TcpListener(IPAddress.Loopback, 0);
        target.Start();
        var shown = ShowAsync(target, certificate);
        await using var runner = await OperationHost.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/kubernetes/api");
        request.Headers.TryAddWithoutValidation(OperationHeaders.KubernetesConfig, Convert.ToBase64String(Encoding.UTF8.GetBytes(config
            .Replace("SERVER", $"https://{target.LocalEndpoint}", StringComparison.Ordinal).Replace("AUTHORITY", KubeConfigs.Base64(authority.Pem), StringComparison.Ordinal))));

        using var response = await runner.Client.SendAsync(request, TestContext.Current.CancellationToken);

        await shown.WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.Equal(ErrorCode.TargetUnreachable, response.ErrorCode());
        Assert.Equal(0, fetched);
    }

    // Without its chain, for which a server would look for the issuer as well; and then it hangs up.
    private static async Task ShowAsync(TcpListener listener, X509Certificate2 certificate)
    {
        using var client = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        using var tls = new SslStream(client.GetStream());
        var options = new SslServerAuthenticationOptions { ServerCertificateContext = SslStreamCertificateContext.Create(certificate, null, offline: true) };
        try
        {
            await tls.AuthenticateAsServerAsync(options, TestContext.Current.CancellationToken);
        }
        catch (Exception e) when (e is IOException or AuthenticationException)
        {
            // The runner does not believe it.
        }
    }

    // Of an issuer that nobody has, so that whoever builds its chain would look for it.
    private static X509Certificate2 Certificate(string issuerAddress)
    {
        using var unknown = new TestAuthority("An issuer that is elsewhere");
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=server", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509AuthorityInformationAccessExtension([], [issuerAddress]));
        var now = TimeProvider.System.GetUtcNow();
        using var made = request.Create(unknown.Root, now.AddDays(-1), now.AddDays(1), RandomNumberGenerator.GetBytes(8));
        return made.CopyWithPrivateKey(key);
    }
}
