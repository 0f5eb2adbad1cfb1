using Microsoft.AspNetCore.Routing;
using Planton.Server.Authorization;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Authorization;

/// <summary>Which endpoints there are. The database plays no part in it.</summary>
public sealed class EndpointListTests(OnSqlite shared) : SharedServerTest(shared), IClassFixture<OnSqlite>
{
    [Fact]
    public void EveryEndpointOfTheServerHasARow() =>
        Assert.Equal(EndpointRows.All.Select(row => row.Endpoint).Order(StringComparer.Ordinal), Served().Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("PUT", "api/v1/organizations/ORG")]
    [InlineData("PATCH", "api/v1/organizations/ORG/runners/own")]
    [InlineData("DELETE", "api/v1/me")]
    [InlineData("PUT", "api/v1/organizations/ORG/runners/own/credentials")]
    [InlineData("GET", "api/v1")]
    [InlineData("GET", "api/v2/me")]
    [InlineData("POST", "api/v1/organizations/ORG/")]
    public async Task WhatIsNoRouteIs404Or405_ForTheOwnerToo(string method, string path)
    {
        await Admin.RegisterRunnerAsync(Org, "own", Cancellation);
        using var client = Server.HttpClient(await AddUserAsync(RoleName.Owner));
        using var request = new HttpRequestMessage(new HttpMethod(method), path.Replace("ORG", Org, StringComparison.Ordinal));
        using var response = await client.SendAsync(request, Cancellation);
        Assert.True((int)response.StatusCode is 404 or 405, $"{response.StatusCode}");
    }

    private IEnumerable<string> Served() => Server.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().SelectMany(endpoint =>
        (endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods is { Count: > 0 } methods ? methods : ["*"])
        .Select(method => $"{method} {endpoint.RoutePattern.RawText?.TrimEnd('/')}"));
}
