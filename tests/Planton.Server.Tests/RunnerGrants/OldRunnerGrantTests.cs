using Planton.Api.Errors;
using Planton.Api.Operations;
using Planton.Server.Tests.Routing;

namespace Planton.Server.Tests.RunnerGrants;

/// <summary>A platform runner that would dial any address, because it does not know address ranges. The database plays no part in it.</summary>
public sealed class OldRunnerGrantTests(RoutingOnSqlite shared) : PlatformRunnerTest(shared), IClassFixture<RoutingOnSqlite>
{
    private protected override string[] Capabilities => ["kubernetes", InlineKubernetes.Capability];

    [Fact]
    public async Task NoInlineOperationIsSentToIt()
    {
        await CreateInlineAsync("own");
        await GrantInlineAsync("10.20.0.0/16");

        using var response = await GetAsync("/api", "own");

        Assert.Contains("is too old", await MessageAsync(response, ErrorCode.RefusedByRunner, 403), StringComparison.Ordinal);
        Assert.Empty(Seen);
    }
}
