using Planton.Api.Operations;

namespace Planton.Api.Tests.Operations;

public sealed class WebSocketBearerTests
{
    [Theory]
    [InlineData("a, b", "a, b")]
    [InlineData("a,b", "a,b")]
    [InlineData("base64url.bearer.authorization.k8s.io.eA, a,b", "a, b")]
    [InlineData("a, base64url.bearer.authorization.k8s.io.eA,base64url.bearer.authorization.k8s.io.eB", "a")]
    [InlineData("BASE64URL.Bearer.authorization.k8s.io.eA , a", "a")]
    [InlineData("base64url.bearer.authorization.k8s.io., a", "a")]
    [InlineData("base64url.bearer.authorization.k8s.io.eA", null)]
    [InlineData("base64url.bearer.authorization.k8s.io, a", "base64url.bearer.authorization.k8s.io, a")]
    public void TheKeysAreTakenOut_AndNothingElse(string before, string? after)
    {
        using var request = new HttpRequestMessage();
        request.Headers.TryAddWithoutValidation(WebSocketBearer.HeaderName, before);

        WebSocketBearer.Remove(request);

        Assert.Equal(after, request.Headers.NonValidated.TryGetValues(WebSocketBearer.HeaderName, out var values) ? values.ToString() : null);
    }

    [Fact]
    public void SeveralHeaders_AreOneList()
    {
        var (keys, others) = WebSocketBearer.Split(["a,base64url.bearer.authorization.k8s.io.eA", null, "b"]);

        Assert.Equal(["eA"], keys);
        Assert.Equal(["a", "b"], others);
    }
}
