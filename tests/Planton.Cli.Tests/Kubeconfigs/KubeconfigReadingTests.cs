using Planton.Cli.Tests.Support;

namespace Planton.Cli.Tests.Kubeconfigs;

/// <summary>A kubeconfig that somebody else wrote means after merging what kubectl took it for before.</summary>
public sealed class KubeconfigReadingTests : IDisposable
{
    private readonly CliHarness _cli = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _cli.Dispose();

    [Theory]
    [InlineData("insecure-skip-tls-verify: yes", "insecure-skip-tls-verify: true")]
    [InlineData("insecure-skip-tls-verify: Off", "insecure-skip-tls-verify: false")]
    [InlineData("server: https://a, server: https://b", "server: https://b")]
    [InlineData("<<: {server: https://merged, tls-server-name: n}, tls-server-name: own", "server: https://merged\n    tls-server-name: own")]
    [InlineData("server: !!binary aHR0cHM6Ly9h", "server: https://a")]
    public async Task ItKeepsItsMeaning(string cluster, string expected)
    {
        var (exitCode, text, error) = await MergeAsync($"clusters:\n- name: old\n  cluster: {{{cluster}}}\n");

        Assert.Equal((0, $"Wrote context planton-acme-prod to {_cli.PathOf("config")}.\n"), (exitCode, error));
        Assert.Contains($"- name: old\n  cluster:\n    {expected}\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AliasesAreWrittenOut()
    {
        var (exitCode, text, _) = await MergeAsync("name: &n old\nx: &c {server: https://a}\nclusters:\n- name: *n\n  cluster: *c\n");

        Assert.Equal(0, exitCode);
        Assert.Contains("clusters:\n- name: old\n  cluster:\n    server: https://a\n", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("users: [{name: u, user: {token: a}}, {name: u, user: {token: b}}]", "user 'u' is there twice")]
    [InlineData("users: [{name: u, user: {token: 12345}}]", "user 'u' has token, which is a number instead of a text: put it in quotes")]
    [InlineData("users: [{name: u, user: {token: no}}]", "user 'u' has token, which is true or false")]
    [InlineData("clusters: [{name: c, cluster: {insecure-skip-tls-verify: 'true'}}]", "cluster 'c' has insecure-skip-tls-verify, which is a text instead of true or false")]
    [InlineData("contexts: {name: x}", "it has contexts, which is a mapping instead of a list")]
    [InlineData("apiVersion: v2", "its apiVersion is not v1")]
    [InlineData("kind: Config\n---\nkind: Config", "it holds more than one document")]
    public async Task WhatKubectlDoesNotRead_IsNamed_AndLeftAsItIs(string content, string fault)
    {
        var (exitCode, text, error) = await MergeAsync(content);

        Assert.Equal((2, content), (exitCode, text));
        Assert.Contains(fault, error, StringComparison.Ordinal);
        Assert.DoesNotContain("12345", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AliasesThatRepeatWithoutEnd_AreRefusedAtOnce()
    {
        var bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n" + string.Concat(Enumerable.Range(1, 30).Select(level =>
            $"a{level}: &a{level} [{string.Join(',', Enumerable.Repeat($"*a{level - 1}", 9))}]\n"));

        var (exitCode, _, error) = await MergeAsync(bomb).WaitAsync(TimeSpan.FromSeconds(30), Cancel);

        Assert.Equal(2, exitCode);
        Assert.Contains("its aliases repeat too much", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{a: ")]
    public async Task ADocumentThatIsNestedWithoutEnd_IsRefused(string opening)
    {
        var (exitCode, _, error) = await MergeAsync(string.Concat(Enumerable.Repeat(opening, 20_000)));

        Assert.Equal(2, exitCode);
        Assert.Contains("nested too deeply", error, StringComparison.Ordinal);
    }

    private async Task<(int ExitCode, string Text, string Error)> MergeAsync(string content)
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.On("GET", "/api/v1/organizations/acme/connections/prod", Samples.Connection("prod")).On("GET", "/api/v1/server", Samples.Server());
        var file = _cli.PathOf("config");
        await File.WriteAllTextAsync(file, content, Cancel);
        var result = await _cli.Using(server).RunAsync("kubeconfig", "prod", "--file", file);
        return (result.ExitCode, await File.ReadAllTextAsync(file, Cancel), result.Error);
    }
}
