using Planton.Api.ApiKeys;
using Planton.Api.Connections;
using Planton.Api.Identity;
using Planton.Api.Organizations;
using Planton.Api.Runners;
using Planton.Api.Secrets;
using Planton.Api.Server;

namespace Planton.Cli.Tests.Support;

/// <summary>Answers of a control plane.</summary>
internal static class Samples
{
    /// <summary>Looks like a key, and is none.</summary>
    public const string NewKey = "pck_made0123456789";

    public static ApiKey ApiKey(string id) => new()
    {
        Id = id,
        Fingerprint = $"f-{id}",
        CreatedAt = CliHarness.Now.AddHours(-3),
        LastUsedAt = CliHarness.Now.AddMinutes(-5),
    };

    /// <summary>A valid one, an expired one and a revoked one.</summary>
    public static ApiKey[] ApiKeys() =>
    [
        ApiKey("k3"),
        ApiKey("k2") with { ExpiresAt = CliHarness.Now },
        ApiKey("k1") with { LastUsedAt = null, RevokedAt = CliHarness.Now.AddHours(-2) },
    ];

    public static Caller Caller(params string[] organizations) => new()
    {
        Kind = "user",
        Id = "u1",
        Name = "ada",
        ApiKeyId = "k1",
        Organizations = [.. organizations.Select(name => new OrganizationMembership($"id-{name}", name, "owner"))],
    };

    public static Organization Organization(string name) => new($"id-{name}", name, CliHarness.Now.AddDays(-3));

    public static Runner Runner(string name, string status = "connected") => new()
    {
        Id = $"id-{name}",
        Name = name,
        Organization = "acme",
        CreatedAt = CliHarness.Now.AddDays(-3),
        Status = status,
        StatusSince = status == "never-connected" ? null : CliHarness.Now.AddMinutes(-5),
        Version = "1.2.3",
        Address = "192.0.2.7",
        ValidCredentials = 2,
        Tunnels = status == "connected"
            ? [new RunnerTunnel { Id = "t1", InstanceId = "i1", State = "ready", ConnectedAt = CliHarness.Now.AddMinutes(-5), Address = "192.0.2.7", HostName = "node-a", Operations = 4 }]
            : [],
    };

    public static Connection Connection(string name) => new()
    {
        Id = $"id-{name}",
        Name = name,
        Organization = "acme",
        Kind = "kubernetes",
        AuthMode = "runner",
        Runner = "prod-runner",
        Kubernetes = new KubernetesTarget { Context = "kind-prod" },
        CreatedAt = CliHarness.Now.AddHours(-30),
    };

    public static RunnerCredentials Credentials(string runner) => new()
    {
        Metadata = new RunnerCredentialsMetadata { Id = "c1", Organization = "acme", Runner = runner, RunnerId = "r1" },
        ControlPlane = new ControlPlaneEndpoint { Endpoint = "https://planton.example.com" },
        Tunnel = new TunnelCredentials { Endpoint = "planton.example.com:443", CaCertificates = "CA+PEM\n", Certificate = "CERT\n", PrivateKey = "KEY\n" },
        ApiKey = "pck_runner",
    };

    public static Secret Secret(string name) => new()
    {
        Id = $"id-{name}",
        Name = name,
        Organization = "acme",
        Version = 3,
        Keys = ["value"],
        CreatedAt = CliHarness.Now.AddDays(-3),
        UpdatedAt = CliHarness.Now.AddHours(-3),
    };

    public static ServerInfo Server(string? authorities = null) => new()
    {
        Version = "9.8.7",
        PublicUrl = "https://planton.example.com",
        KubernetesUrl = "https://kube.example.com/",
        KubernetesCaCertificates = authorities,
    };
}
