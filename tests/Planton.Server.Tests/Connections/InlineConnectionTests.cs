using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Planton.Api;
using Planton.Api.Connections;
using Planton.Api.Errors;
using Planton.Api.Operations;
using Planton.Server.Audit;
using Planton.Server.Tests.Fixture;
using Planton.Server.Tests.Kubernetes;

namespace Planton.Server.Tests.Connections;

/// <summary>Connections that bring their own credentials.</summary>
public sealed class InlineConnectionTests : KubernetesProxyTest
{
    private const string Token = "inline-token-that-is-secret";

    private readonly List<HeaderDictionary> _seen = [];

    [Fact]
    public async Task WhatAConnectionBrings_ReachesTheRunnerWithEachRequest_AndNothingElseOfIt()
    {
        await ConnectRunnerAsync();
        await CreateAsync("eks", Kubeconfig($"token: {Token}", "tls-server-name: api.internal, insecure-skip-tls-verify: true, disable-compression: true"));

        for (var i = 0; i < 2; i++)
            using (await GetAsync("/api", connection: "eks"))
            {
            }

        Assert.Equal(2, _seen.Count);
        Assert.All(_seen, headers =>
        {
            Assert.Equal(
                $$"""{"server":"https://10.0.0.1:6443","insecure-skip-tls-verify":true,"tls-server-name":"api.internal","token":"{{Token}}"}""",
                Encoding.UTF8.GetString(Convert.FromBase64String(headers[OperationHeaders.KubernetesConfig]!)));
            Assert.False(headers.ContainsKey(OperationHeaders.KubernetesContext));
        });
    }

    [Fact]
    public async Task ItIsAnsweredByNothing_LoggedNowhere_AndNotInTheDatabaseInTheClear()
    {
        await ConnectRunnerAsync();
        var made = await CreateAsync("eks", Kubeconfig($"token: {Token}"));
        using (await GetAsync("/api", connection: "eks"))
        {
        }

        var answers = JsonSerializer.Serialize(made, PlantonJson.Default.Connection)
            + JsonSerializer.Serialize(await Server.Admin.GetConnectionAsync("default", "eks", Cancelled), PlantonJson.Default.Connection)
            + JsonSerializer.Serialize(await Server.Admin.ListConnectionsAsync("default", Cancelled), PlantonJson.Default.ListResponseConnection);
        Assert.Equal("inline", made.AuthMode);
        Assert.DoesNotContain(Token, answers, StringComparison.Ordinal);
        Assert.DoesNotContain("10.0.0.1", answers, StringComparison.Ordinal);
        Assert.DoesNotContain(Token, Server.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(_seen[0][OperationHeaders.KubernetesConfig].ToString(), Server.Log.Text, StringComparison.Ordinal);
        var records = await Server.QueryAsync(context => context.AuditRecords.ToListAsync(Cancelled));
        Assert.DoesNotContain(Token, JsonSerializer.Serialize(records), StringComparison.Ordinal);
        var stored = await Server.QueryAsync(context => context.ConnectionMaterials.SingleAsync(Cancelled));
        Assert.DoesNotContain(Token, Encoding.UTF8.GetString(stored.SealedKubeconfig), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AClientCannotBringOne_NorAnEnvironment()
    {
        await ConnectRunnerAsync();
        await CreateConnectionAsync("own", "prod");
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"{Server.Url}kubernetes/default/own/api"));
        request.Headers.TryAddWithoutValidation(OperationHeaders.KubernetesConfig, Base64("""{"server":"https://evil"}"""));
        request.Headers.TryAddWithoutValidation("planton-environment", "forged");

        using var response = await Server.HttpClient(Server.AdminKey).SendAsync(request, Cancelled);

        Assert.Equal(200, (int)response.StatusCode);
        Assert.False(Assert.Single(_seen).ContainsKey(OperationHeaders.KubernetesConfig));
        Assert.False(_seen[0].ContainsKey(OperationHeaders.Environment));
    }

    [Fact]
    public async Task ARunnerThatDoesNotSayThatItTakesThem_IsSentNothing()
    {
        // It would use its own credentials, perhaps for another cluster.
        Started(await ConnectedRunner.StartAsync(Server, "prod", CountAsync));
        await CreateAsync("eks", Kubeconfig($"token: {Token}"));

        using var response = await GetAsync("/api", connection: "eks");
        var test = await Server.Admin.TestConnectionAsync("default", "eks", Cancelled);

        Assert.Equal((403, ErrorCode.RefusedByRunner), ((int)response.StatusCode, response.Headers.GetValues(OperationHeaders.Error).Single()));
        Assert.Contains("Update the runner", await response.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        Assert.Equal(ErrorCode.RefusedByRunner, test.Stages[^1].Code);
        Assert.Empty(_seen);
    }

    [Fact]
    public async Task TheLargestKubeconfig_FitsInTheHeader_BesideAClientsOwnHeaders()
    {
        await ConnectRunnerAsync();
        var padding = KubernetesTarget.MaxKubeconfigBytes - Encoding.UTF8.GetByteCount(Json(""));
        await CreateAsync("eks", Json(new string('t', padding)));
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"{Server.Url}kubernetes/default/eks/api"));
        for (var i = 0; i < 7; i++)
            request.Headers.TryAddWithoutValidation($"X-Large-{i}", new string('x', 15_000));

        using var response = await Server.HttpClient(Server.AdminKey).SendAsync(request, Cancelled);

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Contains(new string('t', padding), Encoding.UTF8.GetString(Convert.FromBase64String(Assert.Single(_seen)[OperationHeaders.KubernetesConfig]!)), StringComparison.Ordinal);

        var problem = await Expect.ProblemAsync(ErrorCode.InvalidArgument, () => CreateAsync("more", Json(new string('t', padding + 1))));
        Assert.Contains("larger than 48 KiB", problem.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("exec: {command: aws, apiVersion: client.authentication.k8s.io/v1}", "", "has exec")]
    [InlineData("auth-provider: {name: gcp}", "", "has auth-provider")]
    [InlineData("tokenFile: /etc/passwd", "", "has tokenFile, which is a file")]
    [InlineData("client-certificate: c.pem, client-key: k.pem", "", "has client-certificate, which is a file")]
    [InlineData("token: t", "certificate-authority: /etc/ca.pem", "has certificate-authority, which is a file")]
    [InlineData("token: t, as: root", "", "acting as another user")]
    [InlineData("token: t, novelty: x", "", "not taken here (novelty)")]
    [InlineData("client-key-data: '$secret/key'", "", "only one of client-certificate-data")]
    [InlineData("client-certificate-data: bm8=, client-key-data: bm8=", "", "client-key-data that is not PEM in base64")]
    [InlineData("token: $secret/No_Slug", "", "begins as a reference and is none")]
    [InlineData("token: 'a b'", "", "cannot stand in a header")]
    [InlineData("token: t", "certificate-authority-data: '$var/ca', insecure-skip-tls-verify: true", "both insecure-skip-tls-verify")]
    public async Task WhatARunnerMustNotDo_IsRefusedByName_WithoutTheValue(string user, string cluster, string fault)
    {
        var problem = await Expect.ProblemAsync(ErrorCode.InvalidArgument, () => CreateAsync("eks", Kubeconfig(user, cluster)));

        Assert.Contains(problem.Errors!["kubernetes.kubeconfig"], text => text.Contains(fault, StringComparison.Ordinal));
        Assert.DoesNotContain("/etc/", problem.Detail, StringComparison.Ordinal);
        Assert.Empty((await Server.Admin.ListConnectionsAsync("default", Cancelled)).Items);
    }

    [Theory]
    [InlineData("no kubeconfig at all", "is not a kubeconfig")]
    [InlineData("a: [b", "is not valid YAML")]
    [InlineData("a: &x [1]\nb: *x", "is not valid YAML without aliases")]
    [InlineData("kind: Config", "has no current-context")]
    [InlineData("current-context: x", "has no context of the name")]
    [InlineData("{current-context: x, contexts: [{name: x, context: {cluster: c, user: u}}]}", "has no cluster of the name")]
    [InlineData("{current-context: x, contexts: [{name: x, context: {cluster: c}}], clusters: [{name: c, cluster: {server: 'ftp://x'}}]}", "not an http or https URL")]
    public async Task WhatIsNoKubeconfig_IsRefused(string text, string fault)
    {
        var problem = await Expect.ProblemAsync(ErrorCode.InvalidArgument, () => CreateAsync("eks", text));
        Assert.Contains(problem.Errors!["kubernetes.kubeconfig"], found => found.Contains(fault, StringComparison.Ordinal));
    }

    [Fact]
    public async Task ADocumentThatIsNestedWithoutEnd_EndsOnlyTheRequest()
    {
        await Expect.ProblemAsync(ErrorCode.InvalidArgument, () => CreateAsync("eks", new string('[', 40_000)));
        Assert.Empty((await Server.Admin.ListConnectionsAsync("default", Cancelled)).Items);
    }

    [Fact]
    public async Task ModeAndKubeconfigGoTogether()
    {
        var missing = await Expect.ProblemAsync(ErrorCode.InvalidArgument, () => CreateAsync("eks", null));
        var surplus = await Expect.ProblemAsync(ErrorCode.InvalidArgument, () => Server.Admin.CreateConnectionAsync(
            "default", new CreateConnectionRequest { Name = "eks", Kind = "kubernetes", Kubernetes = new KubernetesTarget { Kubeconfig = Kubeconfig("token: t") } }, Cancelled));

        Assert.Contains("is missing", Assert.Single(missing.Errors!["kubernetes.kubeconfig"]), StringComparison.Ordinal);
        Assert.Contains("is for authMode inline only", Assert.Single(surplus.Errors!["kubernetes.kubeconfig"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task OfSeveralContexts_TheOneThatIsNamedIsTaken_ReferencesAndAll()
    {
        await ConnectRunnerAsync();
        var made = await Server.Admin.CreateConnectionAsync("default", new CreateConnectionRequest
        {
            Name = "eks", Kind = "kubernetes", AuthMode = "inline", Runner = "prod",
            Kubernetes = new KubernetesTarget
            {
                Context = "two",
                Kubeconfig = """
                    current-context: one
                    contexts: [{name: one, context: {cluster: c1, user: u1}}, {name: two, context: {cluster: c2, user: u2}}]
                    clusters: [{name: c1, cluster: {server: https://one}}, {name: c2, cluster: {server: $var/address}}]
                    users: [{name: u1, user: {exec: {command: x}}}, {name: u2, user: {token: $secret/two/token}}]
                    """,
            },
        }, Cancelled);

        using var response = await GetAsync("/api", connection: "eks");

        Assert.Null(made.Kubernetes!.Context);
        Assert.Equal(
            """{"server":"$var/address","token":"$secret/two/token"}""",
            Encoding.UTF8.GetString(Convert.FromBase64String(Assert.Single(_seen)[OperationHeaders.KubernetesConfig]!)));
    }

    [Fact]
    public async Task WithTheConnection_WhatItBroughtIsDeleted()
    {
        await Server.Admin.RegisterRunnerAsync("default", "prod", Cancelled);
        await CreateAsync("eks", Kubeconfig($"token: {Token}"));

        await Server.Admin.DeleteConnectionAsync("default", "eks", Cancelled);

        Assert.Equal(0, await Server.QueryAsync(context => context.ConnectionMaterials.CountAsync(Cancelled)));
        var record = await Server.QueryAsync(context => context.AuditRecords.SingleAsync(r => r.Action == AuditAction.CreateConnection, Cancelled));
        Assert.Equal("runner prod, inline credentials", record.Detail);
    }

    private async Task ConnectRunnerAsync() =>
        Started(await ConnectedRunner.StartAsync(Server, "prod", CountAsync, capabilities: ["kubernetes", InlineKubernetes.Capability]));

    private Task CountAsync(HttpContext context)
    {
        lock (_seen)
            _seen.Add(new HeaderDictionary(context.Request.Headers.ToDictionary(StringComparer.OrdinalIgnoreCase)));
        return Task.CompletedTask;
    }

    private Task<Connection> CreateAsync(string name, string? kubeconfig) => Server.Admin.CreateConnectionAsync(
        "default",
        new CreateConnectionRequest
        {
            Name = name, Kind = "kubernetes", AuthMode = "inline", Runner = "prod", Kubernetes = new KubernetesTarget { Kubeconfig = kubeconfig },
        },
        Cancelled);

    private static string Kubeconfig(string user, string cluster = "") =>
        $$"""
        apiVersion: v1
        current-context: x
        clusters:
        - name: c
          cluster: {server: "https://10.0.0.1:6443"{{(cluster.Length > 0 ? ", " + cluster : "")}}}
        users:
        - name: u
          user: {{{user}}}
        contexts:
        - name: x
          context: {cluster: c, user: u}
        """;

    private static string Json(string token) =>
        $$$"""{"current-context":"x","clusters":[{"name":"c","cluster":{"server":"https://s"}}],"users":[{"name":"u","user":{"token":"{{{token}}}"}}],"contexts":[{"name":"x","context":{"cluster":"c","user":"u"}}]}""";

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
