using System.Reflection;
using Planton.Api.Errors;

namespace Planton.Api.Tests.Errors;

public sealed class ErrorStatusTests
{
    [Theory]
    [InlineData("no_runner_available", 503, 5)]
    [InlineData("runner_unreachable", 503, 5)]
    [InlineData("runner_lost", 502, 5)]
    [InlineData("runner_busy", 503, 1)]
    [InlineData("connection_not_found", 404, 3)]
    [InlineData("runner_not_found", 404, 3)]
    [InlineData("organization_not_found", 404, 3)]
    [InlineData("not_found", 404, 3)]
    [InlineData("unauthenticated", 401, 4)]
    [InlineData("permission_denied", 403, 4)]
    [InlineData("refused_by_runner", 403, 4)]
    [InlineData("invalid_argument", 400, 2)]
    [InlineData("already_exists", 409, 1)]
    [InlineData("conflict", 409, 1)]
    [InlineData("target_unreachable", 502, 1)]
    [InlineData("unavailable", 503, 1)]
    [InlineData("rate_limited", 429, 1)]
    [InlineData("quota_exceeded", 429, 1)]
    [InlineData("internal", 500, 1)]
    [InlineData("never_heard_of", 500, 1)]
    public void EachCodeHasItsStatusAndExitCode(string code, int status, int exit)
    {
        Assert.Equal(status, ErrorStatus.ToHttpStatus(code));
        Assert.Equal(exit, ErrorStatus.ToExitCode(code));
    }

    [Fact]
    public void EveryCodeOfTheCatalogueIsInTheTable()
    {
        var codes = typeof(ErrorCode).GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => (string)f.GetRawConstantValue()!).ToList();
        Assert.Equal(18, codes.Count);
        Assert.Equal(codes.Count, codes.Distinct().Count());
        Assert.All(codes.Where(c => c != ErrorCode.Internal), c => Assert.NotEqual(500, ErrorStatus.ToHttpStatus(c)));
        Assert.All(codes, c => Assert.Matches("^[a-z]+(_[a-z]+)*$", c));
    }
}
