using Microsoft.AspNetCore.Http;
using Planton.Api.Connections;
using Planton.Api.Operations;
using Planton.Api.RunnerGrants;
using Planton.Server.Tests.Fixture;
using Planton.Server.Tests.Routing;

namespace Planton.Server.Tests.RunnerGrants;

/// <summary>A test with a connected runner of the platform, which is the platform's default, and connections that name none.</summary>
public abstract class PlatformRunnerTest(SharedServer shared) : RoutedTest(shared)
{
    /// <summary>The platform runner's name.</summary>
    private protected string Shared { get; private set; } = "";

    private protected string SharedId => Runner.Credentials.Metadata!.RunnerId!;

    private protected ConnectedRunner Runner { get; private set; } = null!;

    /// <summary>The headers of the operations that reached it.</summary>
    private protected List<HeaderDictionary> Seen { get; } = [];

    private protected RequestDelegate Target { get; set; } = context => context.Response.WriteAsync("ok");

    private protected virtual string[] Capabilities => ["kubernetes", InlineKubernetes.Capability, InlineKubernetes.RangesCapability];

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Shared = UniqueName("shared");
        Runner = Started(await ConnectedRunner.StartAsync(Server, Shared, RememberAsync, null, Capabilities));
        await Admin.SetDefaultRunnerAsync(null, Shared, Cancellation);
    }

    private protected Task<RunnerGrant> GrantAsync(params string[] contexts) => GrantToAsync(Org, contexts);

    private protected Task<RunnerGrant> GrantToAsync(string organization, params string[] contexts) => Admin.GrantRunnerAsync(
        Shared, new CreateRunnerGrantRequest { Organization = organization, KubeContexts = contexts }, Cancellation);

    private protected Task<RunnerGrant> GrantInlineAsync(params string[] ranges) => Admin.GrantRunnerAsync(
        Shared, new CreateRunnerGrantRequest { Organization = Org, Mode = "inline", AllowCidrs = ranges }, Cancellation);

    private protected Task<Connection> CreateInlineAsync(string name) => Admin.CreateConnectionAsync(
        Org,
        new CreateConnectionRequest
        {
            Name = name,
            Kind = "kubernetes",
            AuthMode = "inline",
            Kubernetes = new KubernetesTarget
            {
                Kubeconfig =
                    """
                    current-context: x
                    clusters: [{name: c, cluster: {server: "https://10.20.0.1:6443"}}]
                    users: [{name: u, user: {token: t}}]
                    contexts: [{name: x, context: {cluster: c, user: u}}]
                    """,
            },
        },
        Cancellation);

    private Task RememberAsync(HttpContext context)
    {
        lock (Seen)
            Seen.Add(new HeaderDictionary(context.Request.Headers.ToDictionary(StringComparer.OrdinalIgnoreCase)));
        return Target(context);
    }
}
