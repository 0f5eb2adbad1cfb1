using Planton.Runner.Providers.Kubernetes;
using Planton.Runner.Providers.Kubernetes.Configuration;
using Planton.Testing;

namespace Planton.Runner.Tests;

public sealed class KubeConfigTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TheFirstFileThatSaysSomethingWins_EntryByEntry()
    {
        var first = Read("current-context: one\nclusters:\n- {name: c, cluster: {server: https://first}}\nusers:\n- {name: red, user: {token: first}}");
        var second = Read("""
            current-context: two
            clusters:
            - {name: c, cluster: {server: https://second, tls-server-name: not-mixed-in}}
            - {name: d, cluster: {server: https://d}}
            users:
            - {name: red, user: {username: not-mixed-in}}
            contexts:
            - {name: two, context: {cluster: d, user: red}}
            """);

        var merged = KubeConfig.Merge([first, second]);

        Assert.Equal("one", merged.CurrentContext);
        Assert.Equal(new KubeCluster { Server = "https://first" }, merged.Clusters["c"]);
        Assert.Equal("https://d", merged.Clusters["d"].Server);
        Assert.Equal(new KubeUser { Token = "first" }, merged.Users["red"]);
        Assert.Equal(new KubeContext("d", "red"), merged.Contexts["two"]);
    }

    [Fact]
    public void EveryFieldIsRead_PathsFromTheFilesFolder_UnknownFieldsIgnored()
    {
        var config = Read("""
            apiVersion: v1
            kind: Config
            preferences: {colors: true}
            shiny-new-thing: [1, 2]
            clusters:
            - name: c
              cluster:
                server: https://[::1]:6443
                certificate-authority: pki/ca.crt
                insecure-skip-tls-verify: true
                tls-server-name: name
                proxy-url: socks5://p:1
                disable-compression: true
                extensions:
                - name: client.authentication.k8s.io/exec
                  extension: {audience: "12", deep: [1, true, null, "x"]}
            users:
            - name: u
              user:
                client-certificate: a.crt
                client-key: /abs/a.key
                tokenFile: ../token
                exec:
                  apiVersion: client.authentication.k8s.io/v1
                  command: ./bin/login
                  args: [--flag, "two words"]
                  env: [{name: A, value: b}]
                  provideClusterInfo: true
                  installHint: hint
                  interactiveMode: IfAvailable
            """);

        var cluster = config.Clusters["c"];
        Assert.Equal(_folder.File("pki/ca.crt"), cluster.CertificateAuthority);
        Assert.True(cluster.InsecureSkipTlsVerify);
        Assert.Equal(("name", "socks5://p:1"), (cluster.TlsServerName, cluster.ProxyUrl));
        Assert.Equal("""{"audience":"12","deep":[1,true,null,"x"]}""", cluster.ExecExtension);
        var user = config.Users["u"];
        Assert.Equal((_folder.File("a.crt"), "/abs/a.key"), (user.ClientCertificate, user.ClientKey));
        Assert.Equal(Path.GetFullPath(Path.Combine(_folder.FullName, "../token")), user.TokenFile);
        Assert.Equal(_folder.File("bin/login"), user.Exec!.Command);
        Assert.Equal(["--flag", "two words"], user.Exec.Arguments);
        Assert.Equal([KeyValuePair.Create("A", "b")], user.Exec.Environment);
        Assert.True(user.Exec.ProvideClusterInfo);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing\n")]
    [InlineData("null")]
    [InlineData("clusters: null\nusers:\ncontexts: []")]
    public void AnEmptyFileIsAnEmptyConfig(string text) => Assert.Empty(Read(text).Contexts);

    [Fact]
    public void JsonIsReadToo() =>
        Assert.Equal("x", Read("""{"current-context": "x", "users": [{"name": "u", "user": {"token": "t"}}]}""").CurrentContext);

    [Theory]
    [InlineData("yes", true)]
    [InlineData("y", true)]
    [InlineData("On", true)]
    [InlineData("TRUE", true)]
    [InlineData("no", false)]
    [InlineData("Off", false)]
    [InlineData("~", false)]
    public void ATruthIsWrittenAsInYaml11(string text, bool expected) =>
        Assert.Equal(expected, Read($"clusters: [{{name: c, cluster: {{insecure-skip-tls-verify: {text}}}}}]").Clusters["c"].InsecureSkipTlsVerify);

    [Fact]
    public void AnchorsAndMergeKeysAreRead_InTheirOrder()
    {
        var config = Read("""
            x: &first {token: first, username: first}
            y: &second {token: second, username: second, password: second}
            users:
            - name: before
              user: {<<: *first, token: own}
            - name: after
              user: {token: own, <<: *first}
            - name: both
              user: {<<: [*first, *second]}
            - name: quoted
              user: {"<<": {token: t}}
            """);

        Assert.Equal(new KubeUser { Token = "own", Username = "first" }, config.Users["before"]);
        Assert.Equal(new KubeUser { Token = "first", Username = "first" }, config.Users["after"]);
        Assert.Equal(new KubeUser { Token = "first", Username = "first", Password = "second" }, config.Users["both"]);
        Assert.Equal(new KubeUser(), config.Users["quoted"]);
    }

    [Theory]
    [InlineData("users: [{name: u, user: {token: super-secret}}, {name: u, user: {token: b}}]", "user 'u' is there twice")]
    [InlineData("clusters: [{name: c, cluster: {}}, {name: c}]", "cluster 'c' is there twice")]
    [InlineData("contexts: [{name: x}, {name: x}]", "context 'x' is there twice")]
    [InlineData("users: [{name: u, user: {token: 12345}}]", "user 'u' has token, which is a number instead of a text: put it in quotes")]
    [InlineData("users: [{name: u, user: {password: yes}}]", "user 'u' has password, which is true or false")]
    [InlineData("users: [{name: 5, user: {}}]", "entry 1 of users has a name that is a number")]
    [InlineData("clusters: [{name: c, cluster: {insecure-skip-tls-verify: 'yes'}}]", "cluster 'c' has insecure-skip-tls-verify, which is a text instead of true or false")]
    [InlineData("users: [{name: u, user: {exec: {args: [1]}}}]", "user 'u' in exec has args, which is a list instead of a list of texts")]
    [InlineData("users: {name: u}", "it has users, which is a mapping instead of a list")]
    [InlineData("apiVersion: v2", "its apiVersion is not v1")]
    public void WhatKubectlRefuses_IsNamedByItsEntry(string text, string expected)
    {
        var fault = KubeConfigReader.Read(text, _folder.File("config")).Fault?.ToString();

        Assert.Contains(expected, fault, StringComparison.Ordinal);
        Assert.DoesNotContain("super-secret", fault, StringComparison.Ordinal);
        Assert.DoesNotContain("12345", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void AliasesThatRepeatWithoutEnd_AndEndlessNesting_AreFaults()
    {
        var bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n" + string.Concat(Enumerable.Range(1, 30).Select(level =>
            $"a{level}: &a{level} [{string.Join(',', Enumerable.Repeat($"*a{level - 1}", 9))}]\n"));
        foreach (var text in new[] { bomb, new string('[', 100_000), "a: &a [*a]" })
            Assert.Contains("is not valid YAML (line", KubeConfigReader.Read(text, _folder.File("config")).Fault!.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a: [1\ntoken: super-secret", "is not valid YAML")]
    [InlineData("a: {b: 'super-secret\n", "is not valid YAML (line")]
    [InlineData("- just\n- a list", "is not a kubeconfig")]
    public void WhatIsNoKubeconfigIsToldWithItsPlaceAndNotItsContent(string text, string expected)
    {
        var fault = KubeConfigReader.Read(text, _folder.File("config")).Fault!.ToString();
        Assert.Contains(expected, fault, StringComparison.Ordinal);
        Assert.Contains(_folder.File("config"), fault, StringComparison.Ordinal);
        Assert.DoesNotContain("super-secret", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void TheSameMeaningIsTheSameDefinition_AndPrintsNoSecret()
    {
        const string Text = "{current-context: a, clusters: [{name: c, cluster: {server: 'https://s'}}], contexts: [{name: a, context: {cluster: c, user: u}}], users: [{name: u, user: {token: very-secret-token, exec: {apiVersion: v, command: c, args: [x]}}}]}";
        var (one, other) = (Read(Text), Read("# a comment\n" + Text));
        Assert.Equal(one.Users["u"], other.Users["u"]);
        Assert.DoesNotContain("very-secret", one.Users["u"].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void TheConfigurationIsLookedForInOrder()
    {
        var environment = new Dictionary<string, string> { ["HOME"] = _folder.File("home") };
        Assert.Contains("no kubeconfig", Locate(environment).Fault!.What, StringComparison.Ordinal);
        _folder.Write("home/.kube/config", "");
        Assert.Equal("~/.kube/config", Locate(environment).Value!.Origin);
        environment["KUBERNETES_SERVICE_HOST"] = "fd00::1";
        environment["KUBERNETES_SERVICE_PORT"] = "443";
        Assert.Contains("automountServiceAccountToken", Locate(environment).Fault!.Advice, StringComparison.Ordinal);
        _folder.Write("sa/token", "t");
        Assert.Equal("https://[fd00::1]/", Locate(environment).Value!.InCluster!.AbsoluteUri);
        environment["KUBECONFIG"] = $"{_folder.File("missing")}:";
        Assert.Contains("none of the files", Locate(environment).Fault!.What, StringComparison.Ordinal);
        environment["KUBECONFIG"] = $"{_folder.File("missing")}:{_folder.Write("second", "")}:";
        Assert.Equal([_folder.File("missing"), _folder.File("second")], Locate(environment).Value!.Files);
        Assert.Contains("--kubeconfig", Locate(environment, _folder.File("nope")).Fault!.What, StringComparison.Ordinal);
        Assert.Equal("--kubeconfig", Locate(environment, _folder.Write("flag", "")).Value!.Origin);
    }

    private TargetAttempt<KubeLocation> Locate(Dictionary<string, string> environment, string? flag = null) =>
        new KubeLocator(new KubernetesOptions { KubeConfig = flag, ServiceAccountFolder = _folder.File("sa") }, environment.GetValueOrDefault).Locate();

    private KubeConfig Read(string text)
    {
        var read = KubeConfigReader.Read(text, _folder.File("config"));
        Assert.Null(read.Fault);
        return read.Value!;
    }
}
