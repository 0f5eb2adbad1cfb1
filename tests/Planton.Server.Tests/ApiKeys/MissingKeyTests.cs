using System.Net;
using System.Text.Json;
using Planton.Api;
using Planton.Api.Errors;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.ApiKeys;

/// <summary>Requests without a key, which the database never sees.</summary>
public sealed class MissingKeyTests(OnSqlite shared) : SharedServerTest(shared), IClassFixture<OnSqlite>
{
    [Theory]
    [InlineData("api/v1/me")]
    [InlineData("api/v1/server")]
    [InlineData("api/v1/organizations")]
    [InlineData("api/v1/organizations/default/runners")]
    [InlineData("api/v1/platform/runners")]
    [InlineData("api/v1/organizations/default/connections")]
    public async Task WithoutAKeyEveryRouteIs401AndSaysHowToGetOne(string path)
    {
        using var client = Server.HttpClient();
        using var response = await client.GetAsync(path, Cancellation);
        var problem = JsonSerializer.Deserialize(await response.Content.ReadAsByteArrayAsync(Cancellation), PlantonJson.Default.Problem)!;
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(ErrorCode.Unauthenticated, problem.Code);
        Assert.Contains("no API key was presented", problem.Detail, StringComparison.Ordinal);
        Assert.Contains("planton auth login", problem.Hint, StringComparison.Ordinal);
        Assert.Equal("Bearer realm=\"planton\"", response.Headers.WwwAuthenticate.ToString());
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
    }
}
