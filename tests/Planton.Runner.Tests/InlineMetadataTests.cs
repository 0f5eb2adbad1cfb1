using System.Text;
using System.Text.Json;
using Planton.Api.Errors;
using Planton.Api.Operations;
using Planton.Runner.Tests.Fixtures;
using Planton.Testing;

namespace Planton.Runner.Tests;

/// <summary>Where a machine gets its identity in a cloud, no inline connection leads.</summary>
public sealed class InlineMetadataTests : IDisposable
{
    private readonly TestAuthority _authority = new();
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("http://169.254.169.254")]
    [InlineData("http://169.254.170.2:80")]
    [InlineData("http://[fd00:ec2::254]")]
    [InlineData("http://[::ffff:169.254.169.254]")]
    [InlineData("http://[fe80::1]")]
    [InlineData("http://[64:ff9b::a9fe:a9fe]")]
    [InlineData("http://168.63.129.16")]
    [InlineData("http://2852039166")]
    [InlineData("http://0xa9fea9fe")]
    [InlineData("http://169.254.169.254.")]
    [InlineData("http://metadata.google.internal")]
    [InlineData("http://Metadata.Google.Internal.:80")]
    [InlineData("http://instance-data")]
    [InlineData("http://[fd00:ec2::23]")]
    [InlineData("http://[fd00:42::42]")]
    [InlineData("http://[fd00:c1::a9fe:a9fe]")]
    [InlineData("http://100.100.100.200")]
    [InlineData("http://[64:ff9b:1::a9fe:a9fe]")]
    [InlineData("http://[64:ff9b:1:a9fe:a9:fe00::]")]
    [InlineData("http://[2002:a9fe:a9fe::1]")]
    [InlineData("http://[2001:0:1:2:3:4:5601:5601]")]
    [InlineData("http://[::ffff:0:169.254.169.254]")]
    [InlineData("http://[fd12::5efe:169.254.169.254]")]
    public async Task TheAddressAtWhichAMachineGetsItsIdentity_IsNoCluster(string server)
    {
        await using var host = await StartAsync();

        using var response = await SendAsync(host, $$"""{"server":"{{server}}"}""");

        Assert.Equal(ErrorCode.RefusedByRunner, response.ErrorCode());
        Assert.Contains("identity in a cloud", response.ErrorDetail(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://metadata.google.internal:PORT", null)]
    [InlineData("https://metadata.google.internal:PORT", "http://127.0.0.1:PROXY")]
    [InlineData("https://metadata:PORT", null)]
    [InlineData("https://169.254.169.254:PORT", null)]
    public async Task NeitherIsItThroughAProxy_ThatWouldResolveItsName(string server, string? proxyUrl)
    {
        await using var target = await TestTarget.StartAsync(_authority.Server(["metadata.google.internal", "metadata"]));
        await using var proxy = new ConnectProxy();
        await using var host = await StartAsync(environment: new() { ["HTTPS_PROXY"] = $"http://127.0.0.1:{proxy.Port}" });
        var config = JsonSerializer.Serialize(new Dictionary<string, string?>
        {
            ["server"] = server.Replace("PORT", $"{target.Port}", StringComparison.Ordinal),
            ["certificate-authority-data"] = KubeConfigs.Base64(_authority.Pem),
            ["proxy-url"] = proxyUrl?.Replace("PROXY", $"{proxy.Port}", StringComparison.Ordinal) ?? "",
        });

        using var response = await SendAsync(host, config);

        Assert.Equal((ErrorCode.RefusedByRunner, 0, 0), (response.ErrorCode(), proxy.Targets.Count, target.Seen.Count));
        Assert.Contains("identity in a cloud", response.ErrorDetail(), StringComparison.Ordinal);
    }

    private Task<OperationHost> StartAsync(Dictionary<string, string>? environment = null) =>
        OperationHost.StartAsync(_folder.Write("kube", KubeConfigs.One("https://127.0.0.1:1")), environment: environment);

    private static async Task<HttpResponseMessage> SendAsync(OperationHost host, string config)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/kubernetes/api");
        request.Headers.TryAddWithoutValidation(OperationHeaders.KubernetesConfig, Convert.ToBase64String(Encoding.UTF8.GetBytes(config)));
        return await host.Client.SendAsync(request, Cancel);
    }
}
