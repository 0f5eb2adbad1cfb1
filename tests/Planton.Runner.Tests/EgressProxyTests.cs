using Planton.Runner.Logging;
using Planton.Runner.Network;

namespace Planton.Runner.Tests;

public sealed class EgressProxyTests
{
    [Theory]
    [InlineData("", "example.com", 443, false)]
    [InlineData("", "localhost", 443, true)]
    [InlineData("", "127.0.0.53", 443, true)]
    [InlineData("", "::1", 443, true)]
    [InlineData("*", "example.com", 443, true)]
    [InlineData("example.com", "example.com", 443, true)]
    [InlineData("example.com", "a.example.com", 443, true)]
    [InlineData("example.com", "badexample.com", 443, false)]
    [InlineData(".svc", "kubernetes.default.svc", 443, true)]
    [InlineData(".svc", "svc", 443, false)]
    [InlineData("*.corp", "a.corp", 443, true)]
    [InlineData("EXAMPLE.com", "example.COM.", 443, true)]
    [InlineData("example.com:8443", "example.com", 443, false)]
    [InlineData("example.com:8443", "example.com", 8443, true)]
    [InlineData("10.0.0.0/8", "10.96.0.1", 443, true)]
    [InlineData("10.0.0.0/8", "11.0.0.1", 443, false)]
    [InlineData("192.168.1.5", "192.168.1.5", 6443, true)]
    [InlineData("fd00::/8", "fd12::1", 443, true)]
    [InlineData("[fd00::1]:6443", "fd00::1", 6443, true)]
    [InlineData(" a , , b ", "b", 443, true)]
    public void NoProxyIsReadAsKubernetesToolsReadIt(string rules, string host, int port, bool covered) =>
        Assert.Equal(covered, new NoProxyRules(rules).Covers(host, port));

    [Fact]
    public void TheVariablesAreReadInEitherCase_AndTheSchemeChooses()
    {
        var proxy = Read(("https_proxy", "secure:1"), ("HTTP_PROXY", "http://plain:2"), ("NO_PROXY", "direct.test"));
        Assert.Equal("http://secure:1/", proxy.GetProxy(new Uri("https://x.test"))?.ToString());
        Assert.Equal("http://plain:2/", proxy.GetProxy(new Uri("http://x.test"))?.ToString());
        Assert.True(proxy.IsBypassed(new Uri("https://direct.test")));
        Assert.Equal("http://all:3/", Read(("ALL_PROXY", "all:3")).GetProxy(new Uri("https://x.test"))?.ToString());
    }

    [Fact]
    public void ThePasswordIsGivenToTheProxyAndNotPrinted()
    {
        var masker = new SecretMasker();
        var proxy = EgressProxy.FromEnvironment(
            name => name == "HTTPS_PROXY" ? "http://us%40er:hunter2%21hunter@proxy.test:3128" : null, masker).Value!;

        var credential = proxy.Credentials!.GetCredential(new Uri("http://proxy.test:3128"), "Basic")!;

        Assert.Equal(("us@er", "hunter2!hunter"), (credential.UserName, credential.Password));
        Assert.Null(proxy.Credentials.GetCredential(new Uri("http://other.test:3128"), "Basic"));
        Assert.DoesNotContain("hunter2", $"{proxy.GetProxy(new Uri("https://x"))} {proxy.For(new Uri("https://x"))}", StringComparison.Ordinal);
        Assert.Equal("it is ***", masker.Apply("it is hunter2!hunter"));
    }

    [Fact]
    public void AVariableThatIsNoUrlIsNamedAndNotRepeated()
    {
        var failure = EgressProxy.FromEnvironment(name => name == "HTTPS_PROXY" ? "ftp://user:hunter2@x" : null, new SecretMasker()).Failure!;
        Assert.Equal(ExitCode.Configuration, failure.ExitCode);
        Assert.Contains("HTTPS_PROXY is not the URL of a proxy", failure.Why, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", failure.Why, StringComparison.Ordinal);
    }

    private static EgressProxy Read(params (string Name, string Value)[] variables) =>
        EgressProxy.FromEnvironment(name => variables.FirstOrDefault(v => v.Name == name).Value, new SecretMasker()).Value!;
}
