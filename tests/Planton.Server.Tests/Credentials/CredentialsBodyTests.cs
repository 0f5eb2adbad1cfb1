using System.Net;
using System.Text;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Credentials;

/// <summary>The body of the request for credentials. One database is enough.</summary>
public sealed class CredentialsBodyTests(OnSqlite shared) : SharedServerTest(shared), IClassFixture<OnSqlite>
{
    [Theory]
    [InlineData("", HttpStatusCode.Created)]
    [InlineData("{}", HttpStatusCode.Created)]
    [InlineData("{\"validForSeconds\":600}", HttpStatusCode.Created)]
    [InlineData("{\"validForSeconds\":\"1h\"}", HttpStatusCode.BadRequest)]
    [InlineData("{\"validForSeconds\":0.5}", HttpStatusCode.BadRequest)]
    [InlineData("[]", HttpStatusCode.BadRequest)]
    public async Task TheBodyMayBeLeftOut_AndIsCheckedWhenItIsSent(string body, HttpStatusCode status)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await Server.HttpClient(Server.AdminKey)
            .PostAsync(new Uri($"{Server.Url}api/v1/organizations/{Org}/runners/prod/credentials"), content, Cancellation);
        Assert.Equal(status, response.StatusCode);
    }
}
