using Planton.Api.Connections;
using Planton.Api.Errors;
using Planton.Api.Operations;
using Planton.Server.Tests.Fixture;
using Planton.Server.Tests.Routing;

namespace Planton.Server.Tests.Connections;

/// <summary>What is refused before it is stored, and what a client or an old runner cannot do. One database is enough.</summary>
public sealed class InlineKubeconfigTests(RoutingOnSqlite shared) : InlineConnectionTest(shared), IClassFixture<RoutingOnSqlite>
{
    [Fact]
    public async Task AClientCannotBringOne_NorAnEnvironment()
    {
        await ConnectRunnerAsync();
        await CreateConnectionAsync("own", "prod");
        using var request = new HttpRequestMessage(HttpMethod.Get, UrlOf("own", "/api"));
        request.Headers.TryAddWithoutValidation(OperationHeaders.KubernetesConfig, Convert.ToBase64String("""{"server":"https://evil"}"""u8));
        request.Headers.TryAddWithoutValidation("planton-environment", "forged");

        using var response = await Server.HttpClient(Server.AdminKey).SendAsync(request, Cancellation);

        Assert.Equal(200, (int)response.StatusCode);
        Assert.False(Assert.Single(Seen).ContainsKey(OperationHeaders.KubernetesConfig));
        Assert.False(Seen[0].ContainsKey(OperationHeaders.Environment));
    }

    [Fact]
    public async Task ARunnerThatDoesNotSayThatItTakesThem_IsSentNothing()
    {
        // It would use its own credentials, perhaps for another cluster.
        await StartRunnerAsync("prod", RememberAsync);
        await CreateAsync("eks", Kubeconfig("token: t"));

        using var response = await GetAsync("/api", "eks");
        var test = await Admin.TestConnectionAsync(Org, "eks", Cancellation);

        Assert.Equal((403, ErrorCode.RefusedByRunner), ((int)response.StatusCode, response.Headers.GetValues(OperationHeaders.Error).Single()));
        Assert.Contains("Update the runner", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.Equal(ErrorCode.RefusedByRunner, test.Stages[^1].Code);
        Assert.Empty(Seen);
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
    [InlineData("token: t", "insecure-skip-tls-verify: maybe", "insecure-skip-tls-verify that is neither true nor false")]
    [InlineData("token: t", "certificate-authority-data: '$var/ca', insecure-skip-tls-verify: yes", "both insecure-skip-tls-verify")]
    [InlineData("<<: {token: t}", "", "has a merge key (<<)")]
    [InlineData("token: t", "certificate-authority-data: '$var/ca', insecure-skip-tls-verify: true", "both insecure-skip-tls-verify")]
    public async Task WhatARunnerMustNotDo_IsRefusedByName_WithoutTheValue(string user, string cluster, string fault)
    {
        var problem = await Expect.ProblemAsync(ErrorCode.InvalidArgument, () => CreateAsync("eks", Kubeconfig(user, cluster)));

        Assert.Contains(problem.Errors!["kubernetes.kubeconfig"], text => text.Contains(fault, StringComparison.Ordinal));
        Assert.DoesNotContain("/etc/", problem.Detail, StringComparison.Ordinal);
        Assert.Empty((await Admin.ListConnectionsAsync(Org, Cancellation)).Items);
    }

    [Theory]
    [InlineData("no kubeconfig at all", "is not a kubeconfig")]
    [InlineData("a: [b", "is not valid YAML")]
    [InlineData("a: &x [1]\nb: *x", "is not valid YAML without aliases")]
    [InlineData("kind: Config", "has no current-context")]
    [InlineData("{current-context: x, users: [{name: u}, {name: u}]}", "has two users of the same name")]
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
        Assert.Empty((await Admin.ListConnectionsAsync(Org, Cancellation)).Items);
    }

    [Fact]
    public async Task ModeAndKubeconfigGoTogether()
    {
        var missing = await Expect.ProblemAsync(ErrorCode.InvalidArgument, () => CreateAsync("eks", null));
        var surplus = await Expect.ProblemAsync(ErrorCode.InvalidArgument, () => Admin.CreateConnectionAsync(
            Org, new CreateConnectionRequest { Name = "eks", Kind = "kubernetes", Kubernetes = new KubernetesTarget { Kubeconfig = Kubeconfig("token: t") } }, Cancellation));

        Assert.Contains("is missing", Assert.Single(missing.Errors!["kubernetes.kubeconfig"]), StringComparison.Ordinal);
        Assert.Contains("is for authMode inline only", Assert.Single(surplus.Errors!["kubernetes.kubeconfig"]), StringComparison.Ordinal);
    }
}
