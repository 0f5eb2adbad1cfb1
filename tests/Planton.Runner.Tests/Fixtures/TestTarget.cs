using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Planton.Runner.Tests.Fixtures;

/// <summary>A real HTTPS server in the place of a Kubernetes API: asks for client certificates, and remembers what it saw.</summary>
internal sealed class TestTarget : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TestTarget(WebApplication app, X509Certificate2 certificate) => (_app, Certificate) = (app, certificate);

    /// <summary>What it shows in the handshakes that come.</summary>
    public X509Certificate2 Certificate { get; set; }

    /// <summary>The server name (SNI) of each handshake; empty where there was none.</summary>
    public ConcurrentQueue<string> ServerNames { get; } = new();

    public ConcurrentQueue<SeenRequest> Seen { get; } = new();

    public int Port { get; private set; }

    public string Url => $"https://127.0.0.1:{Port}";

    public static async Task<TestTarget> StartAsync(X509Certificate2 certificate, RequestDelegate? handler = null, HttpProtocols protocols = HttpProtocols.Http1AndHttp2)
    {
        TestTarget? target = null;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, 0, listen =>
            {
                listen.Protocols = protocols;
                listen.UseHttps(https =>
                {
                    https.ServerCertificateSelector = (_, name) =>
                    {
                        target!.ServerNames.Enqueue(name ?? "");
                        return target.Certificate;
                    };
                    https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
                    https.AllowAnyClientCertificate();
                });
            });
        });
        var app = builder.Build();
        app.UseWebSockets();
        target = new TestTarget(app, certificate);
        app.Run(async context =>
        {
            target.Seen.Enqueue(SeenRequest.Of(context));
            if (handler is not null)
                await handler(context);
            else
                await context.Response.WriteAsync("ok");
        });
        await app.StartAsync();
        target.Port = new Uri(app.Urls.Single()).Port;
        return target;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
