using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Planton.Api;
using Planton.Api.Errors;
using Planton.Server.Hosting;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Hosting;

public sealed class RequestTests(OnSqlite shared) : SharedServerTest(shared), IClassFixture<OnSqlite>
{
    [Theory]
    [InlineData("healthz/live")]
    [InlineData("api/v1/me")]
    [InlineData("api/nowhere")]
    [InlineData("nowhere")]
    [InlineData("openapi/v1.json")]
    public async Task EveryAnswerCarriesAnOperationIdOfOurs(string path)
    {
        using var client = Server.HttpClient();
        client.DefaultRequestHeaders.Add(OperationId.HeaderName, "chosen-by-the-client");
        using var first = await client.GetAsync(path, Cancellation);
        using var second = await client.GetAsync(path, Cancellation);
        var ids = new[] { first, second }.Select(response => Assert.Single(response.Headers.GetValues(OperationId.HeaderName))).ToList();
        Assert.All(ids, id => Assert.Equal(7, Guid.Parse(id).Version));
        Assert.NotEqual(ids[0], ids[1]);
    }

    [Theory]
    [InlineData("GET", "api/v1/nowhere")]
    [InlineData("POST", "api/v1/me")]
    [InlineData("DELETE", "api/v2/organizations")]
    [InlineData("GET", "")]
    public async Task AnUnknownRouteIsAProblem404(string method, string path)
    {
        using var client = Server.HttpClient(Server.AdminKey);
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        var problem = await SendAsync(client, request, HttpStatusCode.NotFound);
        Assert.Equal(ErrorCode.NotFound, problem.Code);
        Assert.Contains($"{method} /{path}", problem.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"name\": 5}")]
    [InlineData("{\"name\": \"s3cret\" oops}")]
    public async Task JsonThatIsNotWhatIsExpectedIsInvalidArgument_AndIsNotRepeated(string body)
    {
        using var client = Server.HttpClient(Server.AdminKey);
        foreach (var path in new[] { "api/v1/organizations", $"api/v1/organizations/{Org}/runners", $"api/v1/organizations/{Org}/connections" })
        {
            var problem = await SendAsync(client, Post(path, body), HttpStatusCode.BadRequest);
            Assert.Equal(ErrorCode.InvalidArgument, problem.Code);
            Assert.DoesNotContain("s3cret", problem.Detail, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("GET", "platform/audit?limit=many", "the value of \"limit\" is not a whole number")]
    [InlineData("GET", "platform/audit?limit=1&after=9223372036854775808", "the value of \"after\" is not a whole number below 2^63")]
    [InlineData("GET", "platform/audit?limit=1&limit=2", "the value of \"limit\" is not a whole number")]
    [InlineData("GET", "organizations/{org}/audit?since=yesterday", "the value of \"since\" is not a time, such as 2026-01-31T12:00:00Z")]
    [InlineData("GET", "organizations/{org}/runners?includePlatform=maybe", "the value of \"includePlatform\" is not true or false")]
    [InlineData("POST", "organizations/{org}/secrets/any/reveal?version=1.0", "the value of \"version\" is not a whole number")]
    public async Task AQueryThatCannotBeReadIsInvalidArgument_AndIsNamed(string method, string path, string detail)
    {
        using var client = Server.HttpClient(Server.AdminKey);
        using var request = new HttpRequestMessage(new HttpMethod(method), "api/v1/" + path.Replace("{org}", Org, StringComparison.Ordinal));
        var problem = await SendAsync(client, request, HttpStatusCode.BadRequest);
        Assert.Equal(ErrorCode.InvalidArgument, problem.Code);
        Assert.StartsWith(detail, problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UnknownFieldsAreIgnored()
    {
        using var client = Server.HttpClient(Server.AdminKey);
        using var response = await client.SendAsync(Post("api/v1/organizations", $"{{\"name\": \"{UniqueName("acme")}\", \"later\": {{\"x\": 1}}}}"), Cancellation);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ABodyOfMoreThanAMebibyteIsRefused(bool chunked)
    {
        using var client = Server.HttpClient(Server.AdminKey);
        using var request = Post("api/v1/organizations", $"{{\"name\": \"{new string('a', RequestBody.MaxBytes)}\"}}");
        request.Headers.TransferEncodingChunked = chunked;
        var problem = await SendAsync(client, request, HttpStatusCode.BadRequest);
        Assert.Contains("1024 KiB", problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AQueryThatCannotBeReadIsInvalidArgument()
    {
        using var client = Server.HttpClient(Server.AdminKey);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"api/v1/organizations/{Org}/runners?includePlatform=perhaps");
        Assert.Equal(ErrorCode.InvalidArgument, (await SendAsync(client, request, HttpStatusCode.BadRequest)).Code);
    }

    [Fact]
    public async Task AnUnhandledExceptionIs500WithoutDetails_AndIsLoggedOnceWithItsId()
    {
        // A server of its own: routes are fixed by the first request.
        await using var server = await ServerFixture.StartAsync();
        server.App.MapGet("/test/broken", new Func<string>(() => throw new InvalidOperationException("the password is hunter2"))).AllowAnonymous();
        server.Log.ExpectError(error => error.Text.Contains("hunter2", StringComparison.Ordinal));
        using var client = server.HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, "test/broken");
        var problem = await SendAsync(client, request, HttpStatusCode.InternalServerError);
        Assert.Equal(ErrorCode.Internal, problem.Code);
        Assert.DoesNotContain("hunter2", problem.Detail + problem.Hint, StringComparison.Ordinal);
        var logged = Assert.Single(server.Log.Errors).Text;
        Assert.Contains(problem.OperationId!, logged, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatBreaksInTheMiddleOfAnAnswerCutsIt()
    {
        // A server of its own: routes are fixed by the first request.
        await using var server = await ServerFixture.StartAsync();
        server.App.MapGet("/test/cut", async (Microsoft.AspNetCore.Http.HttpContext http) =>
        {
            await http.Response.Body.WriteAsync("half"u8.ToArray(), Cancellation);
            await http.Response.Body.FlushAsync(Cancellation);
            throw new InvalidOperationException("half way");
        }).AllowAnonymous();
        server.Log.ExpectError(error => error.Text.Contains("half way", StringComparison.Ordinal));
        using var client = server.HttpClient();
        var cut = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync("test/cut", Cancellation));
        Assert.Null(cut.StatusCode);
    }

    [Fact]
    public async Task ANewEndpointThatForgetsToSaySoNeedsAKey()
    {
        // A server of its own: routes are fixed by the first request.
        await using var server = await ServerFixture.StartAsync();
        server.App.MapGet("/test/forgotten", () => "open");
        using var client = server.HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, "test/forgotten");
        Assert.Equal(ErrorCode.Unauthenticated, (await SendAsync(client, request, HttpStatusCode.Unauthorized)).Code);
    }

    [Fact]
    public async Task TheApiDescriptionListsEveryRouteOfTheServer()
    {
        using var client = Server.HttpClient();
        using var document = JsonDocument.Parse(await client.GetStringAsync("openapi/v1.json", Cancellation));
        var described = document.RootElement.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(method => $"{method.Name.ToUpperInvariant()} {path.Name}"))
            .ToHashSet(StringComparer.Ordinal);
        var served = Server.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/api/v1/", StringComparison.Ordinal))
            .SelectMany(endpoint => endpoint.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods
                .Select(method => $"{method} {endpoint.RoutePattern.RawText!.TrimEnd('/')}"))
            .ToHashSet(StringComparer.Ordinal);
        Assert.Contains("POST /api/v1/organizations/{org}/runners/{name}/credentials", served);
        Assert.Equal(served.Order(StringComparer.Ordinal), described.Order(StringComparer.Ordinal));
        Assert.True(document.RootElement.GetProperty("components").GetProperty("schemas").TryGetProperty("RunnerCredentials", out _));
        // Without a body the defaults hold.
        var body = document.RootElement.GetProperty("paths").GetProperty("/api/v1/organizations/{org}/runners/{name}/credentials")
            .GetProperty("post").GetProperty("requestBody");
        Assert.False(body.TryGetProperty("required", out var required) && required.GetBoolean());
        Assert.True(body.GetProperty("content").GetProperty("application/json").GetProperty("schema").GetProperty("properties")
            .TryGetProperty("validForSeconds", out _));
    }

    private static HttpRequestMessage Post(string path, string body) => new(HttpMethod.Post, path)
    {
        Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
    };

    private static async Task<Problem> SendAsync(HttpClient client, HttpRequestMessage request, HttpStatusCode expected)
    {
        using var response = await client.SendAsync(request, Cancellation);
        Assert.Equal(expected, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonSerializer.Deserialize(await response.Content.ReadAsByteArrayAsync(Cancellation), PlantonJson.Default.Problem)!;
        Assert.Equal(Assert.Single(response.Headers.GetValues(OperationId.HeaderName)), problem.OperationId);
        Assert.Equal((int)expected, problem.Status);
        return problem;
    }
}
