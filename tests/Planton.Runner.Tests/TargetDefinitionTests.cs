using Planton.Runner.Providers.Kubernetes;
using Planton.Runner.Providers.Kubernetes.Configuration;
using Planton.Testing;

namespace Planton.Runner.Tests;

public sealed class TargetDefinitionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("contexts: [{name: a, context: {cluster: c}}]", "has no current-context", "Name one: a")]
    [InlineData("{}", "has no current-context", "no context at all")]
    [InlineData("{current-context: b, contexts: [{name: a, context: {cluster: c}}]}", "has no context 'b'", "It has: a")]
    [InlineData("{current-context: a, contexts: [{name: a, context: {cluster: c}}]}", "has no cluster 'c', which context 'a' names", "")]
    [InlineData("{current-context: a, contexts: [{name: a}]}", "has no cluster ''", "")]
    [InlineData("{current-context: a, clusters: [{name: c, cluster: {server: 'https://s'}}], contexts: [{name: a, context: {cluster: c, user: u}}]}", "has no user 'u'", "")]
    [InlineData("{current-context: a, clusters: [{name: c}], contexts: [{name: a, context: {cluster: c}}]}", "has no server URL", "")]
    public void ReferencesThatLeadNowhereAreNamed(string text, string expected, string advice)
    {
        var fault = Define(text).Fault!;
        Assert.Contains(expected, fault.What, StringComparison.Ordinal);
        Assert.Contains(advice, fault.Advice, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("server: cluster.test:6443")]
    [InlineData("server: ftp://cluster.test")]
    [InlineData("server: /path")]
    [InlineData("server: ''")]
    public void AServerThatIsNoUrlIsAFault(string cluster) => Assert.Contains("has no server URL", Fault(cluster), StringComparison.Ordinal);

    [Theory]
    [InlineData("insecure-skip-tls-verify: true, certificate-authority: ca.crt", "", "sets both")]
    [InlineData("proxy-url: 'ftp://proxy'", "", "proxy-url")]
    [InlineData("certificate-authority-data: '%%%'", "", "certificate-authority-data of context 'a' is not base64")]
    [InlineData("certificate-authority: nowhere.crt", "", "cannot be read by the runner")]
    [InlineData("", "client-certificate: nowhere.crt, client-key: nowhere.key", "the client-certificate of context 'a'")]
    [InlineData("", "client-key-data: YQ==", "only one of client certificate and client key")]
    [InlineData("", "as-groups: [admins]", "impersonates")]
    [InlineData("", "as-uid: '7'", "impersonates")]
    [InlineData("", "as-user-extra: {a: [b]}", "impersonates")]
    [InlineData("", "auth-provider: {}", "auth-provider 'unnamed'")]
    [InlineData("", "exec: {apiVersion: client.authentication.k8s.io/v1}", "has no command")]
    [InlineData("", "exec: {command: x}", "has apiVersion ''")]
    public void WhatCannotBeDoneIsAFault(string cluster, string user, string expected)
    {
        if (expected == "sets both")
            _folder.Write("ca.crt", "x");
        Assert.Contains(expected, Fault($"server: 'https://s'{(cluster.Length > 0 ? ", " + cluster : "")}", user), StringComparison.Ordinal);
    }

    [Fact]
    public void AFileThatIsTooLargeIsNotReadIntoMemory()
    {
        _folder.Write("ca.crt", new string('x', (1024 * 1024) + 1));
        Assert.Contains("is larger than 1048576 bytes", Fault("server: 'https://s', certificate-authority: ca.crt"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://[::1]:6443", "[::1]:6443")]
    [InlineData("https://[fd00::1]", "[fd00::1]:443")]
    [InlineData("https://cluster.test", "cluster.test:443")]
    [InlineData("http://127.0.0.1:8001", "127.0.0.1:8001")]
    [InlineData("https://user:pass@cluster.test:6443", "cluster.test:6443")]
    public void TheAddressInMessagesIsHostAndPort(string server, string expected) =>
        Assert.Equal(expected, Define(One($"server: '{server}'")).Value!.Address);

    [Fact]
    public void DataGoesBeforeTheFile()
    {
        _folder.Write("ca.crt", "from the file");
        var definition = Define(One("server: 'https://s', certificate-authority: ca.crt, certificate-authority-data: ZnJvbSB0aGUgZGF0YQ==")).Value!;
        Assert.Equal("from the data", definition.AuthorityPem);
    }

    [Fact]
    public void PrintingADefinitionPrintsNoSecret()
    {
        var definition = Define(One("server: 'https://s'", "token: super-secret, username: u, password: super-secret")).Value!;
        Assert.DoesNotContain("super-secret", $"{definition}", StringComparison.Ordinal);
        Assert.Equal(definition, Define("# other\n" + One("server: 'https://s'", "token: super-secret, username: u, password: super-secret")).Value);
    }

    [Fact]
    public void ManyContextsAreNotAllListed()
    {
        var contexts = string.Join(", ", Enumerable.Range(0, 500).Select(i => $"{{name: context-{i:000}, context: {{cluster: c}}}}"));
        var advice = Define($"{{current-context: nope, contexts: [{contexts}]}}").Fault!.Advice;
        Assert.Contains("context-019", advice, StringComparison.Ordinal);
        Assert.DoesNotContain("context-020", advice, StringComparison.Ordinal);
    }

    [Fact]
    public void AFileOfTheListThatIsBrokenIsNamed_OneThatIsMissingIsSkipped()
    {
        var good = _folder.Write("good", "current-context: a");
        var source = new KubeConfigSource(new KubernetesOptions(), TimeProvider.System);
        Assert.Equal("a", source.Get(Location(_folder.File("missing"), good)).Value!.CurrentContext);
        var bad = _folder.Write("bad", "token: super-secret: [");
        var fault = source.Get(Location(good, bad)).Fault!;
        Assert.Contains(bad, fault.What, StringComparison.Ordinal);
        Assert.DoesNotContain("super-secret", fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void AFileTooLargeToBeAKubeconfigIsNotRead()
    {
        var file = _folder.Write("config", "# " + new string('x', 9 * 1024 * 1024));
        Assert.Contains("is larger than", KubeConfigReader.ReadFile(file).Fault!.What, StringComparison.Ordinal);
    }

    [Fact]
    public void PathsOfEachFileAreRelativeToThatFile()
    {
        var merged = KubeConfig.Merge(
        [
            KubeConfigReader.ReadFile(_folder.Write("one/config", "users: [{name: u, user: {tokenFile: t}}]")).Value!,
            KubeConfigReader.ReadFile(_folder.Write("two/config", "users: [{name: v, user: {tokenFile: ../t}}]")).Value!,
        ]);
        Assert.Equal(_folder.File("one/t"), merged.Users["u"].TokenFile);
        Assert.Equal(_folder.File("t"), merged.Users["v"].TokenFile);
    }

    [Fact]
    public void AliasesThatMultiplyEndInAFaultAndNotInMemory()
    {
        var text = new System.Text.StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (var i = 1; i <= 9; i++)
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n");
        text.Append("clusters:\n- name: c\n  cluster:\n    server: https://s\n    extensions:\n");
        text.Append("    - {name: client.authentication.k8s.io/exec, extension: *a9}\n");
        var before = GC.GetAllocatedBytesForCurrentThread();

        var fault = KubeConfigReader.Read(text.ToString(), _folder.File("config")).Fault;

        Assert.NotNull(fault);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000_000);
    }

    private string Fault(string cluster, string user = "") => Define(One(cluster, user)).Fault!.ToString();

    private static string One(string cluster, string user = "") =>
        $"{{current-context: a, clusters: [{{name: c, cluster: {{{cluster}}}}}], users: [{{name: u, user: {{{user}}}}}], contexts: [{{name: a, context: {{cluster: c, user: u}}}}]}}";

    private static KubeLocation Location(params string[] files) => new([.. files], null, "test");

    private TargetAttempt<TargetDefinition> Define(string text)
    {
        var read = KubeConfigReader.Read(text, _folder.File("config"));
        Assert.Null(read.Fault);
        var selected = TargetDefinitionBuilder.Select(read.Value!, null);
        return selected.Fault is { } fault ? fault : TargetDefinitionBuilder.Build(selected.Value!);
    }
}
