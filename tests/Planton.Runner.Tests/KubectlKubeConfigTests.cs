using System.Text.Json;
using Planton.Runner.Providers.Kubernetes.Configuration;
using Planton.Testing;
using Planton.Testing.Processes;

namespace Planton.Runner.Tests;

/// <summary>What kubectl itself makes of a kubeconfig, and what the runner does.</summary>
public sealed class KubectlKubeConfigTests : IDisposable
{
    private static readonly string[] Texts = ["token", "username", "password"];
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("server: https://s, insecure-skip-tls-verify: yes", "token: a")]
    [InlineData("server: https://s, insecure-skip-tls-verify: y", "token: a")]
    [InlineData("server: https://s, insecure-skip-tls-verify: oN", "token: a")]
    [InlineData("server: https://s, insecure-skip-tls-verify: OFF", "token: a")]
    [InlineData("server: https://s, insecure-skip-tls-verify: 'true'", "token: a")]
    [InlineData("server: https://s, insecure-skip-tls-verify: !!str true", "token: a")]
    [InlineData("server: https://s, insecure-skip-tls-verify: !!bool yes", "token: a")]
    [InlineData("server: https://s, insecure-skip-tls-verify: 1", "token: a")]
    [InlineData("server: https://s, server: https://t", "token: a")]
    [InlineData("server: https://s, Server: https://t, foo: {bar: 1}", "token: a, Token: b")]
    [InlineData("server: https://s", "token: 12345")]
    [InlineData("server: https://s", "token: 0x1f")]
    [InlineData("server: https://s", "token: 0o17")]
    [InlineData("server: https://s", "token: 0b11")]
    [InlineData("server: https://s", "token: 089")]
    [InlineData("server: https://s", "token: 1_000")]
    [InlineData("server: https://s", "token: 1e3")]
    [InlineData("server: https://s", "token: +.5")]
    [InlineData("server: https://s", "token: 1e")]
    [InlineData("server: https://s", "token: 1:20")]
    [InlineData("server: https://s", "token: 99999999999999999999")]
    [InlineData("server: https://s", "token: 2020-01-01")]
    [InlineData("server: https://s", "token: 2020-01-01T00:00:00Z")]
    [InlineData("server: https://s", "token: no")]
    [InlineData("server: https://s", "token: '12345'")]
    [InlineData("server: https://s", "token: !!binary aGFsbG8=")]
    [InlineData("server: https://s", "token: !own x")]
    [InlineData("server: https://s", "token: ! 12")]
    [InlineData("server: https://s", "token: ~, username: null")]
    [InlineData("server: https://s", "<<: {token: merged, username: m}, username: own")]
    [InlineData("server: https://s", "username: own, <<: {token: merged, username: m}")]
    [InlineData("server: https://s", "<<: [{token: one}, {token: two, password: p}]")]
    [InlineData("server: https://s", "'<<': {token: merged}")]
    [InlineData("server: https://s", "<<: merged")]
    [InlineData("server: https://s", "token: a, exec: {apiVersion: client.authentication.k8s.io/v1, command: c, args: [1]}")]
    [InlineData("server: https://s", "token: a, exec: {apiVersion: client.authentication.k8s.io/v1, command: c, env: [{name: A, value: 1}]}")]
    [InlineData("server: https://s", "token: [a]")]
    [InlineData("server: https://s", "token: a}}, {name: u, user: {token: b")]
    [InlineData("server: https://s}}, {name: c, cluster: {server: https://t", "token: a")]
    [InlineData("server: https://s", "token: a}}, {name: 5, user: {token: b")]
    [InlineData("server: https://s", "token: a}}, {name: v, user: 5}, {name: w, user: {")]
    public async Task TheyAgree(string cluster, string user)
    {
        var kubectl = RequiredTool.InFolderOf("KUBEBUILDER_ASSETS", "kubectl");
        var file = _folder.Write("config", $"apiVersion: v1\nkind: Config\nclusters: [{{name: c, cluster: {{{cluster}}}}}]\nusers: [{{name: u, user: {{{user}}}}}]\n");

        var theirs = await ProgramProcess.RunAsync(
            kubectl, ["config", "view", "--raw", "-o", "json", "--kubeconfig", file], cancellationToken: TestContext.Current.CancellationToken);
        var ours = KubeConfigReader.ReadFile(file);

        Assert.True(theirs.ExitCode == 0 == (ours.Value is not null), $"kubectl: {theirs.ExitCode} {theirs.Output}{theirs.Error}\nthe runner: {ours.Fault}");
        if (ours.Value is not { } read)
            return;
        using var json = JsonDocument.Parse(theirs.Output);
        var (theirCluster, theirUser) = (Entry(json, "clusters", "cluster"), Entry(json, "users", "user"));
        Assert.Equal(theirCluster.GetProperty("server").GetString(), read.Clusters["c"].Server);
        Assert.Equal(theirCluster.TryGetProperty("insecure-skip-tls-verify", out var insecure) && insecure.GetBoolean(), read.Clusters["c"].InsecureSkipTlsVerify);
        Assert.Equal(
            Texts.Select(field => theirUser.TryGetProperty(field, out var text) ? text.GetString() : null),
            [read.Users["u"].Token, read.Users["u"].Username, read.Users["u"].Password]);
    }

    private static JsonElement Entry(JsonDocument json, string list, string member) => json.RootElement.GetProperty(list)[0].GetProperty(member);
}
