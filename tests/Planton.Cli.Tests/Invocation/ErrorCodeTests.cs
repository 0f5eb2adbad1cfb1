using Planton.Api.Errors;
using Planton.Cli.Tests.Support;

namespace Planton.Cli.Tests.Invocation;

/// <summary>
/// The API's errors as a command meets them: words and exit code. The table of all codes is in <c>ErrorStatusTests</c>, the errors of
/// the proxy in <c>RefusalTests</c>.
/// </summary>
public sealed class ErrorCodeTests : IDisposable
{
    private readonly CliHarness _cli = new();

    // Each exit code once, and what says more than the server's words.
    [Theory]
    [InlineData(ErrorCode.Conflict, 1)]
    [InlineData(ErrorCode.InvalidArgument, 2)]
    [InlineData(ErrorCode.ConnectionNotFound, 3)]
    [InlineData(ErrorCode.PermissionDenied, 4)]
    [InlineData(ErrorCode.Unauthenticated, 4)]
    [InlineData(ErrorCode.RunnerLost, 5)]
    public async Task TheApisErrorsKeepTheirWordsAndBecomeExitCodes(string code, int exitCode)
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.OnProblem("GET", "/api/v1/organizations/acme/runners", code, "it did not happen, because", "the command that mends it");

        var result = await _cli.Using(server).RunAsync("runner", "list", "--verbose");

        Assert.Equal((exitCode, ""), (result.ExitCode, result.Out));
        var key = code == ErrorCode.Unauthenticated ? "  The key comes from PLANTON_API_KEY.\n" : "";
        Assert.Equal($"Error: it did not happen, because\n{key}Hint: the command that mends it\nOperation: op-1\n", result.Error);
    }

    [Fact]
    public async Task EveryFaultyFieldIsSaidAtOnce()
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.On("POST", "/api/v1/organizations/acme/connections", context =>
        {
            context.Response.StatusCode = 400;
            context.Response.ContentType = "application/problem+json";
            return Microsoft.AspNetCore.Http.HttpResponseWritingExtensions.WriteAsync(
                context.Response,
                """{"status":400,"code":"invalid_argument","detail":"the request has 2 faults","errors":{"name":["must be a slug"],"runner":["must be a slug"]}}""");
        });

        var result = await _cli.Using(server).RunAsync("connection", "create", "kubernetes", "Prod", "--runner", "R");

        Assert.Equal((2, "Error: the request has 2 faults\n  name: must be a slug\n  runner: must be a slug\n"), (result.ExitCode, result.Error));
    }

    [Fact]
    public async Task ASingleFaultIsNotSaidTwice()
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.On("GET", "/api/v1/organizations/acme/audit", context => context.Response.WriteAsJson(
            """{"status":400,"code":"invalid_argument","detail":"action: may have a star at its end only","errors":{"action":["may have a star at its end only"]}}""", 400));

        var result = await _cli.Using(server).RunAsync("audit", "list", "--action", "a*b");

        Assert.Equal((2, "Error: action: may have a star at its end only\n"), (result.ExitCode, result.Error));
    }

    public void Dispose() => _cli.Dispose();
}
