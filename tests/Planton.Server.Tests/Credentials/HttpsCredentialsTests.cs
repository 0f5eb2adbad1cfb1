using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Credentials;

public sealed class HttpsCredentialsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task S4_WhenTheApiIsServedByOurCa_TheDocumentHoldsIt()
    {
        await using var server = await ServerFixture.StartAsync(options => options with { PublicUrl = new Uri("https://127.0.0.1:9443") });
        var document = (await server.Admin.GenerateCredentialsAsync("default", "prod", Cancellation)).Credentials;
        Assert.Equal("https://127.0.0.1:9443", document.ControlPlane!.Endpoint);
        Assert.Equal(document.Tunnel!.CaCertificates, document.ControlPlane.CaCertificates);
    }
}
