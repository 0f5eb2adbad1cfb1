using System.Net;
using Planton.Api.Operations;
using Planton.Testing;
using Planton.Testing.Network;
using Planton.Testing.Processes;
using Planton.Testing.Programs;

namespace Planton.Runner.Tests.Fixtures;

/// <summary>The program as a process of its own, against a real gateway and a real HTTPS control plane.</summary>
public abstract class RunnerProgramTest : IAsyncLifetime
{
    private protected static readonly TimeSpan Limit = TimeSpan.FromSeconds(40);

    private protected TestAuthority Authority { get; } = new();

    private protected TemporaryFolder Folder { get; } = new();

    private protected TestControlPlane ControlPlane { get; } = new();

    private protected TestGateway Gateway { get; private set; } = null!;

    private protected TestTarget Api { get; private set; } = null!;

    private protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Gateway = await TestGateway.StartAsync(Authority);
        Api = await TestTarget.StartAsync(Authority.Server(), ControlPlane.AnswerAsync);
    }

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await Api.DisposeAsync();
        Authority.Dispose();
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected ProgramProcess Start(params string[] arguments) =>
        Start(new TestCredentials(Authority) { Tunnel = Gateway.Address, ControlPlane = Api.Url }, arguments);

    private protected ProgramProcess Start(TestCredentials credentials, params string[] arguments)
    {
        var file = TestCredentials.Write(Folder.File("credentials.json"), TestCredentials.Json(credentials.Document()));
        string[] health = arguments.Contains("--health") ? [] : ["--health", "off"];
        return ProgramProcess.Start(ProgramFiles.Runner, ["start", "--credentials-file", file, .. health, .. arguments], Environment());
    }

    private protected Dictionary<string, string?> Environment() => new(CleanEnvironment.Variables(Folder.FullName))
    {
        // Where a host of the usual kind would listen. The ports are free, so that it would.
        ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{FreePort.Find()}",
        ["ASPNETCORE_HTTP_PORTS"] = $"{FreePort.Find()}",
        ["Kestrel__Endpoints__Surprise__Url"] = $"http://127.0.0.1:{FreePort.Find()}",
    };

    private protected static Task<string> ReadyAsync(ProgramProcess runner) =>
        runner.WaitForLineAsync(l => l.Contains("accepting operations", StringComparison.Ordinal), "that it accepts operations", Limit, Cancel);

    private protected static HttpRequestMessage Operation(string path, string organization = TestIdentity.Org)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "http://runner" + path)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.Add(OperationHeaders.Runner, TestIdentity.Runner);
        request.Headers.Add(OperationHeaders.Organization, organization);
        return request;
    }

    private protected static void AssertEnded(ProgramProcess runner, params string[] expected)
    {
        var last = runner.ErrorLines[^1];
        Assert.All(expected, text => Assert.Contains(text, last, StringComparison.Ordinal));
        AssertNoSecrets(runner);
    }

    private protected static void AssertNoSecrets(ProgramProcess runner)
    {
        foreach (var secret in new[] { "secretsecret", "BEGIN", "the-runners-own-token" })
            Assert.DoesNotContain(runner.ErrorLines, l => l.Contains(secret, StringComparison.Ordinal));
    }
}
