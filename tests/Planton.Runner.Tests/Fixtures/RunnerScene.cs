using Planton.Testing;
using Planton.Testing.Processes;
using Planton.Testing.Programs;

namespace Planton.Runner.Tests.Fixtures;

/// <summary>A real gateway, a real HTTPS control plane, and the program as a process of its own between them.</summary>
internal sealed class RunnerScene : IAsyncDisposable
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(40);

    private RunnerScene()
    {
    }

    public TestAuthority Authority { get; } = new();

    public TemporaryFolder Folder { get; } = new();

    public TestControlPlane ControlPlane { get; } = new();

    public TestGateway Gateway { get; private set; } = null!;

    public TestTarget Api { get; private set; } = null!;

    /// <summary>Added to the program's environment.</summary>
    public Dictionary<string, string?> Environment { get; } = [];

    public static async Task<RunnerScene> StartAsync()
    {
        var scene = new RunnerScene();
        foreach (var (name, value) in CleanEnvironment.Variables(scene.Folder.FullName))
            scene.Environment[name] = value;
        scene.Gateway = await TestGateway.StartAsync(scene.Authority);
        scene.Api = await TestTarget.StartAsync(scene.Authority.Server(), scene.ControlPlane.AnswerAsync);
        return scene;
    }

    public string KubeConfig(string server) => Folder.Write("kube", KubeConfigs.One(server, KubeConfigs.Authority(Authority)));

    /// <summary>Starts the program without a health endpoint, unless the arguments name one.</summary>
    public ProgramProcess Start(string[] arguments, string? tunnel = null, string? controlPlane = null, TestAuthority? trusts = null)
    {
        var document = new TestCredentials(Authority) { Tunnel = tunnel ?? Gateway.Address, ControlPlane = controlPlane ?? Api.Url }.Document();
        if (trusts is not null)
            document = document with { Tunnel = document.Tunnel! with { CaCertificates = trusts.Pem } };
        var file = TestCredentials.Write(Folder.File("credentials.json"), TestCredentials.Json(document));
        string[] health = arguments.Contains("--health") ? [] : ["--health", "off"];
        return ProgramProcess.Start(ProgramFiles.Runner, ["start", "--credentials-file", file, .. health, .. arguments], Environment);
    }

    public static Task<string> ReadyAsync(ProgramProcess runner, CancellationToken cancellationToken) =>
        runner.WaitForLineAsync(l => l.Contains("accepting operations", StringComparison.Ordinal), "that it accepts operations", Limit, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await Api.DisposeAsync();
        Authority.Dispose();
        Folder.Dispose();
    }
}
