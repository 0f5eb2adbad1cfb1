using System.Text.Json;
using Planton.Cli.Data.Yaml;
using Planton.Cli.Tests.Support;

namespace Planton.Cli.Tests.Connections;

public sealed class InlineConnectionTests : IDisposable
{
    private const string Collection = "/api/v1/organizations/acme/connections";
    private readonly CliHarness _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task TheChosenContextIsSent_WithItsFilesAsData_AndNothingOfTheOthers()
    {
        await using var server = await ServerAsync();
        Directory.CreateDirectory(_cli.PathOf("pki"));
        await File.WriteAllTextAsync(_cli.PathOf("pki/ca.pem"), "CA", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(_cli.PathOf("pki/token"), "the-token\n", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(_cli.PathOf("pki/c.pem"), "CERT", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(_cli.PathOf("pki/k.pem"), "KEY", TestContext.Current.CancellationToken);

        var result = await CreateAsync(server, "two", """
            current-context: one
            contexts: [{name: one, context: {cluster: c1, user: u1}}, {name: two, context: {cluster: c2, user: u2, namespace: shop}}]
            clusters:
            - {name: c1, cluster: {server: https://other}}
            - {name: c2, cluster: {server: https://eks, certificate-authority: pki/ca.pem, extensions: [{name: x, extension: y}]}}
            users:
            - {name: u1, user: {token: others-token, exec: {command: aws}}}
            - {name: u2, user: {tokenFile: pki/token, client-certificate: pki/c.pem, client-key: pki/k.pem}}
            """);

        Assert.Equal(0, result.ExitCode);
        var sent = Sent(server);
        Assert.Equal("inline", sent.GetProperty("authMode").GetString());
        var target = sent.GetProperty("kubernetes");
        Assert.False(target.TryGetProperty("context", out _));
        var text = target.GetProperty("kubeconfig").GetString()!;
        var document = YamlDataReader.Read(text, out _)!;
        var (cluster, user) = (document["clusters"]!.Items.Single()["cluster"]!, document["users"]!.Items.Single()["user"]!);
        Assert.Equal(("two", "https://eks", "Q0E="), (document["current-context"]!.Text, cluster["server"]!.Text, cluster["certificate-authority-data"]!.Text));
        Assert.Equal(("the-token", "Q0VSVA==", "S0VZ"), (user["token"]!.Text, user["client-certificate-data"]!.Text, user["client-key-data"]!.Text));
        foreach (var other in new[] { "others-token", "https://other", "pki/", "extensions", "shop", "aws" })
            Assert.DoesNotContain(other, text, StringComparison.Ordinal);
        Assert.DoesNotContain("the-token", result.Out + result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("exec: {command: aws, apiVersion: v1}", "logs in with a program (exec: aws)")]
    [InlineData("auth-provider: {name: gcp}", "logs in with an auth-provider")]
    [InlineData("tokenFile: missing", "missing, which the kubeconfig names, does not exist")]
    public async Task WhatAnInlineConnectionCannotDo_IsSaid_AndNothingIsSent(string user, string fault)
    {
        await using var server = await ServerAsync();

        var result = await CreateAsync(server, null, Kubeconfig(user));

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(fault, result.Error, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData("other", "has no context 'other'")]
    [InlineData(null, "has no current context")]
    public async Task WithoutTheContext_ThoseThatThereAreAreNamed(string? context, string fault)
    {
        await using var server = await ServerAsync();

        var result = await CreateAsync(server, context, Kubeconfig("token: t").Replace("current-context: x", "", StringComparison.Ordinal));

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(fault, result.Error, StringComparison.Ordinal);
        Assert.Contains(": x.", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReferencesAreSentAsTheyAre_AndEnvironmentsToo()
    {
        await using var server = await ServerAsync();
        var file = _cli.PathOf("kube.yaml");
        await File.WriteAllTextAsync(file, Kubeconfig("token: $secret/eks/token"), TestContext.Current.CancellationToken);

        var result = await _cli.Using(server).RunAsync(
            "connection", "create", "kubernetes", "eks", "--auth-mode", "inline", "--kubeconfig", file, "--environment", "staging", "--environment", "qa");

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("$secret/eks/token", Sent(server).GetProperty("kubernetes").GetProperty("kubeconfig").GetString(), StringComparison.Ordinal);
        Assert.Equal(["staging", "qa"], Sent(server).GetProperty("environments").EnumerateArray().Select(environment => environment.GetString()));
    }

    [Theory]
    [InlineData("--auth-mode", "inline")]
    [InlineData("--kubeconfig", "file.yaml")]
    public async Task ModeAndFileGoTogether(params string[] options)
    {
        var result = await _cli.RunAsync(["connection", "create", "kubernetes", "eks", .. options]);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("--auth-mode inline and --kubeconfig FILE go together", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AKubeconfigThatIsTooLarge_OrNone_IsNotSent()
    {
        await using var server = await ServerAsync();

        var large = await CreateAsync(server, null, Kubeconfig($"token: {new string('t', 50_000)}"));
        var none = await CreateAsync(server, null, "- a list");

        Assert.Contains("more than 48 KiB", large.Error, StringComparison.Ordinal);
        Assert.Contains("is not a kubeconfig: it is not a mapping", none.Error, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    private static async Task<FakeControlPlane> ServerAsync() =>
        (await FakeControlPlane.StartAsync()).On("POST", Collection, Samples.Connection("eks") with { AuthMode = "inline", Kubernetes = null });

    private async Task<CliResult> CreateAsync(FakeControlPlane server, string? context, string kubeconfig)
    {
        var file = _cli.PathOf("kube.yaml");
        await File.WriteAllTextAsync(file, kubeconfig, TestContext.Current.CancellationToken);
        return await _cli.Using(server).RunAsync(
            ["connection", "create", "kubernetes", "eks", "--auth-mode", "inline", "--kubeconfig", file, .. context is null ? (string[])[] : ["--kube-context", context]]);
    }

    private static JsonElement Sent(FakeControlPlane server) => JsonDocument.Parse(Assert.Single(server.Requests).Body).RootElement;

    private static string Kubeconfig(string user) =>
        $$"""
        current-context: x
        clusters:
        - name: c
          cluster: {server: https://eks}
        users:
        - name: u
          user: {{{user}}}
        contexts:
        - name: x
          context: {cluster: c, user: u}
        """;
}
