using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Planton.Tunnel.Gateway;
using Planton.Tunnel.Tests.Fixtures;
using Planton.Tunnel.Upgrades;

namespace Planton.Tunnel.Tests.Upgrades;

/// <summary>A front, the tunnel and a target, each a real server: upgrades all the way through.</summary>
public abstract class UpgradeChainTest : TunnelTest
{
    private static readonly string[] OfOneHop = ["Connection", "Upgrade", "Host", "Transfer-Encoding", "Content-Length"];

    /// <summary>Target, runner, gateway and front; returns the front's address.</summary>
    private protected async Task<string> StartChainAsync(RequestDelegate target, HttpProtocols frontSpeaks = HttpProtocols.Http1)
    {
        var targetAddress = await StartServerAsync(HttpProtocols.Http1, app =>
        {
            app.UseWebSockets();
            app.Run(target);
        });
        var invoker = Started(new Owned()).Invoker;
        var (_, _, tunnel) = await ConnectAsync(context => AtRunnerAsync(context, invoker, $"http://{targetAddress}"));
        return await StartServerAsync(frontSpeaks, app => app.Run(context => AtGatewayAsync(context, tunnel)));
    }

    private static async Task AtGatewayAsync(HttpContext context, GatewayTunnel tunnel)
    {
        Assert.True(UpgradeForwarder.IsUpgrade(context));
        using var request = new HttpRequestMessage { RequestUri = new Uri($"http://runner{context.Request.Path}") };
        CopyHeaders(context.Request, request);
        await UpgradeForwarder.ForwardToTunnelAsync(
            context, tunnel.Invoker, request, _ => true, context.RequestAborted);
    }

    private static async Task AtRunnerAsync(HttpContext context, HttpMessageInvoker target, string address)
    {
        Assert.True(UpgradeForwarder.IsTunnelledUpgrade(context));
        using var request = new HttpRequestMessage(UpgradeForwarder.TunnelledMethod(context)!, $"{address}{context.Request.Path}");
        CopyHeaders(context.Request, request);
        try
        {
            await UpgradeForwarder.ForwardToTargetAsync(context, target, request, _ => true, context.RequestAborted);
        }
        catch (HttpRequestException)
        {
            context.Response.StatusCode = StatusCodes.Status502BadGateway;
        }
    }

    private static void CopyHeaders(HttpRequest from, HttpRequestMessage to)
    {
        foreach (var (name, values) in from.Headers.Where(h => !h.Key.StartsWith(':') && !OfOneHop.Contains(h.Key, StringComparer.OrdinalIgnoreCase)))
            to.Headers.TryAddWithoutValidation(name, values.ToArray());
    }

    private async Task<string> StartServerAsync(HttpProtocols protocols, Action<WebApplication> configure)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(Logs);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = protocols));
        var app = Started(builder.Build());
        configure(app);
        await app.StartAsync(Cancelled);
        return new Uri(app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First()).Authority;
    }

    private protected sealed class Owned : IAsyncDisposable
    {
        public HttpMessageInvoker Invoker { get; } = new(new SocketsHttpHandler { UseProxy = false });

        public ValueTask DisposeAsync()
        {
            Invoker.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
