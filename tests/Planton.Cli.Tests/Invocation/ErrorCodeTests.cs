using System.Reflection;
using Planton.Api.Errors;
using Planton.Cli.Tests.Support;

namespace Planton.Cli.Tests.Invocation;

/// <summary>Every code of the catalogue, as a command meets it: status, exit code, words.</summary>
public sealed class ErrorCodeTests : IDisposable
{
    private readonly CliHarness _cli = new();

    /// <summary>Code, HTTP status, exit code: fixed for scripts, so written here once more.</summary>
    public static TheoryData<string, int, int> Codes => new()
    {
        { ErrorCode.NoRunnerAvailable, 503, 5 },
        { ErrorCode.RunnerUnreachable, 503, 5 },
        { ErrorCode.RunnerLost, 502, 5 },
        { ErrorCode.RunnerBusy, 503, 1 },
        { ErrorCode.ConnectionNotFound, 404, 3 },
        { ErrorCode.RunnerNotFound, 404, 3 },
        { ErrorCode.OrganizationNotFound, 404, 3 },
        { ErrorCode.NotFound, 404, 3 },
        { ErrorCode.Unauthenticated, 401, 4 },
        { ErrorCode.PermissionDenied, 403, 4 },
        { ErrorCode.RefusedByRunner, 403, 4 },
        { ErrorCode.InvalidArgument, 400, 2 },
        { ErrorCode.AlreadyExists, 409, 1 },
        { ErrorCode.Conflict, 409, 1 },
        { ErrorCode.TargetUnreachable, 502, 1 },
        { ErrorCode.RateLimited, 429, 1 },
        { ErrorCode.Unavailable, 503, 1 },
        { ErrorCode.Internal, 500, 1 },
    };

    [Fact]
    public void EveryCodeOfTheCatalogueIsInTheTable()
    {
        var catalogue = typeof(ErrorCode).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!);

        Assert.Equal(catalogue.Order(), Codes.Select(row => row.Data.Item1).Order());
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public async Task TheApisErrorsKeepTheirWordsAndBecomeExitCodes(string code, int status, int exitCode)
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.OnProblem("GET", "/api/v1/organizations/acme/runners", code, "it did not happen, because", "the command that mends it");

        var result = await _cli.Using(server).RunAsync("runner", "list", "--verbose");

        Assert.Equal(status, ErrorStatus.ToHttpStatus(code));
        Assert.Equal((exitCode, ""), (result.ExitCode, result.Out));
        var key = code == ErrorCode.Unauthenticated ? "  The key comes from PLANTON_API_KEY.\n" : "";
        Assert.Equal($"Error: it did not happen, because\n{key}Hint: the command that mends it\nOperation: op-1\n", result.Error);
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public async Task TheProxysErrorsBecomeTheSameExitCodes(string code, int status, int exitCode)
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.On("GET", "/kubernetes/acme/prod/api/v1/namespaces/default/pods", context =>
        {
            context.Response.Headers["Planton-Error"] = code;
            return context.Response.WriteAsJson(
                $$"""{"kind":"Status","apiVersion":"v1","status":"Failure","message":"it did not happen","details":{"causes":[{"reason":"{{code}}"}]},"code":{{status}}}""", status);
        });

        var result = await _cli.Using(server).RunAsync("kubectl", "get", "pods", "--connection", "prod");

        Assert.Equal((exitCode, ""), (result.ExitCode, result.Out));
        Assert.Contains("it did not happen", result.Error, StringComparison.Ordinal);
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
