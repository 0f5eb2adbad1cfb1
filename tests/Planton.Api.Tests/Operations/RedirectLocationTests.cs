using Planton.Api.Operations;

namespace Planton.Api.Tests.Operations;

public sealed class RedirectLocationTests
{
    private const string Asked = "/a/b/c?q=/1";

    // RFC 3986, section 5.4, with the base http://target/a/b/c?q=/1 in place of http://a/b/c/d;p?q.
    [Theory]
    [InlineData("g", "/a/b/g")]
    [InlineData("./g", "/a/b/g")]
    [InlineData("g/", "/a/b/g/")]
    [InlineData("/g", "/g")]
    [InlineData("?y", "/a/b/c?y")]
    [InlineData("g?y", "/a/b/g?y")]
    [InlineData("#s", "/a/b/c?q=/1#s")]
    [InlineData("g#s", "/a/b/g#s")]
    [InlineData("g?y#s", "/a/b/g?y#s")]
    [InlineData(";x", "/a/b/;x")]
    [InlineData(".", "/a/b/")]
    [InlineData("./", "/a/b/")]
    [InlineData("..", "/a/")]
    [InlineData("../", "/a/")]
    [InlineData("../g", "/a/g")]
    [InlineData("../..", "/")]
    [InlineData("../../g", "/g")]
    [InlineData("../../../../g", "/g")]
    [InlineData("/./g", "/g")]
    [InlineData("/../g", "/g")]
    [InlineData("g.", "/a/b/g.")]
    [InlineData("..g", "/a/b/..g")]
    [InlineData("./g/.", "/a/b/g/")]
    [InlineData("g/../h", "/a/b/h")]
    [InlineData("g?y/../x", "/a/b/g?y/../x")]
    [InlineData("g#s/../x", "/a/b/g#s/../x")]
    [InlineData("g;x=1/../y", "/a/b/y")]
    [InlineData("g/%2E./%2e%2e/h", "/a/h")]
    [InlineData("/%252e%252e/x", "/%252e%252e/x")]
    [InlineData("/x%2Fy", "/x%2Fy")]
    [InlineData("/a:b", "/a:b")]
    [InlineData("./a:b", "/a/b/a:b")]
    public void AReference_IsResolvedAsTheTargetMeansIt(string location, string path) =>
        Assert.Equal(path, RedirectLocation.Resolve(location, Asked, (_, _) => false));

    [Theory]
    [InlineData("https://target:6443/x", "/x")]
    [InlineData("https://target:6443", "/")]
    [InlineData("https://target:6443?y", "/?y")]
    [InlineData("//target:6443/../x", "/x")]
    [InlineData("HTTPS://target:6443/x", "/x")]
    public void TheTargetsOwnHost_IsTheTarget(string location, string path) =>
        Assert.Equal(path, RedirectLocation.Resolve(location, Asked, IsTarget));

    [Theory]
    [InlineData("http://target:6443/x")]
    [InlineData("https://target/x")]
    [InlineData("https://target:6443.evil.test/x")]
    [InlineData("https://target:6443@evil.test/x")]
    [InlineData("https://user@target:6443/x")]
    [InlineData("https:///x")]
    [InlineData("https:/x")]
    [InlineData("https:x")]
    [InlineData("a:b")]
    [InlineData("//")]
    [InlineData("///x")]
    [InlineData("/..//x")]
    [InlineData("../../..//x")]
    [InlineData("/\\x")]
    [InlineData("\\\\x")]
    [InlineData("/x\\..\\y")]
    [InlineData("/..%2fx")]
    [InlineData("/x/%2e%2e%5cy")]
    [InlineData("/x%2f..%2f..%2fy")]
    [InlineData("/ x")]
    [InlineData("/x\u0000")]
    [InlineData("/x\r\nX: y")]
    [InlineData("/\u00e9")]
    [InlineData("/\u2025/x")]
    [InlineData("")]
    public void WhatLeadsElsewhere_OrIsReadInSeveralWays_IsNone(string location) =>
        Assert.Null(RedirectLocation.Resolve(location, Asked, IsTarget));

    [Fact]
    public void WhateverComes_TheResultIsAPathOfTheTarget()
    {
        string[] parts = ["/", "//", "\\", ".", "..", "%2e", "%2E%2e", "%2f", "%5c", "a", ":", "@", "?", "#", "http", "https:", "evil.test", "\t", " ", ";", "%00"];
        var random = new Random(7);
        for (var round = 0; round < 50_000; round++)
        {
            var location = string.Concat(Enumerable.Range(0, random.Next(1, 9)).Select(_ => parts[random.Next(parts.Length)]));
            if (RedirectLocation.Resolve(location, Asked, (_, _) => false) is not { } path)
                continue;
            // As browsers and .NET read it beside a prefix of ours.
            var read = new Uri(new Uri("https://planton.test/kubernetes/org/connection/x"), "/kubernetes/org/connection" + path);
            Assert.True(
                read.GetLeftPart(UriPartial.Authority) == "https://planton.test" && read.AbsolutePath.StartsWith("/kubernetes/org/connection/", StringComparison.Ordinal),
                $"{location} became {path}, read as {read}");
        }
    }

    private static bool IsTarget(string? scheme, string host) =>
        (scheme is null || scheme.Equals("https", StringComparison.OrdinalIgnoreCase)) && host == "target:6443";
}
