using Microsoft.AspNetCore.Http;
using Planton.Api.Connections;
using Planton.Api.Errors;
using Planton.Api.Operations;
using Planton.Api.Routing;
using Planton.Server.Audit;
using Planton.Server.Authorization;
using Planton.Server.Tests.Fixture;
using Planton.Server.Tests.Routing;

namespace Planton.Server.Tests.RunnerGrants;

/// <summary>What an organization reaches at the platform's default runner: what is granted, and nothing by default.</summary>
public abstract class UngrantedRunnerTests(SharedServer shared) : PlatformRunnerTest(shared)
{
    [Fact]
    public async Task WithoutAGrant_NothingReachesThePlatformsDefault_AndTheErrorSaysWhoCanGrantIt()
    {
        var key = await AddUserAsync(RoleName.Owner);
        await Server.Client(key).CreateConnectionAsync(Org, new CreateConnectionRequest { Name = "open", Kind = "kubernetes" }, Cancellation);

        using var response = await Server.HttpClient(key).GetAsync(UrlOf("open", "/api/v1/secrets"), Cancellation);

        var message = await MessageAsync(response, ErrorCode.RunnerNotGranted, 403);
        Assert.Contains($"connection \"open\" would use runner \"{Shared}\" of the platform, which is not granted to organization \"{Org}\"", message, StringComparison.Ordinal);
        Assert.Contains($"planton runner grant {Shared} --to-org {Org};", message, StringComparison.Ordinal);
        Assert.Empty(Seen);
        Assert.Equal([(AuditOutcome.Denied, ErrorCode.RunnerNotGranted)], (await AuditAsync()).Select(record => (record.Outcome, record.Code)));
    }

    [Fact]
    public async Task AnExplanation_AndAConnectionTest_SayTheSame()
    {
        await CreateConnectionAsync("open", null);

        var route = await Admin.ExplainRouteAsync(Org, "open", Cancellation);
        var test = await Admin.TestConnectionAsync(Org, "open", Cancellation);

        Assert.Equal((RouteLevelName.Platform, Shared, null, ErrorCode.RunnerNotGranted), (route.Level, route.Runner, route.Status, route.Code));
        Assert.Empty(route.Tunnels);
        Assert.Equal(
            (RouteLevelName.Platform, Shared, $"runner \"{Shared}\" is the platform's default, and not granted for this connection"),
            (route.Steps[^1].Level, route.Steps[^1].Runner, route.Steps[^1].Detail));
        var stage = Assert.Single(test.Stages);
        Assert.Equal((false, ErrorCode.RunnerNotGranted, $"{route.Detail}. {route.Hint}"), (stage.Ok, stage.Code, stage.Detail));
        Assert.Empty(Seen);
    }

    [Fact]
    public async Task AGrantWithoutContexts_IsForConnectionsThatNameNone()
    {
        await CreateConnectionAsync("open", null);
        await CreateConnectionAsync("prod", null, context: "prod");
        await CreateInlineAsync("own");
        await GrantAsync();

        Assert.Equal(200, await StatusAsync("open"));
        Assert.Contains("for context \"prod\"", await DeniedAsync("prod"), StringComparison.Ordinal);
        Assert.Contains("for connections that bring their own credentials", await DeniedAsync("own"), StringComparison.Ordinal);
        Assert.False(Assert.Single(Seen).ContainsKey(OperationHeaders.KubernetesContext));
    }

    [Fact]
    public async Task AGrantOfContexts_IsForTheseAlone()
    {
        foreach (var context in new[] { "staging", "test", "prod", "Staging" })
            await CreateConnectionAsync(context.ToLowerInvariant() + (context == "Staging" ? "-upper" : ""), null, context);
        await CreateConnectionAsync("open", null);
        await GrantAsync("staging", "test");

        Assert.Equal((200, 200), (await StatusAsync("staging"), await StatusAsync("test")));
        foreach (var denied in new[] { "prod", "staging-upper", "open" })
        {
            var message = await DeniedAsync(denied);
            Assert.DoesNotContain("\"staging\"", message, StringComparison.Ordinal);
            Assert.DoesNotContain("\"test\"", message, StringComparison.Ordinal);
        }

        Assert.Equal(["staging", "test"], Seen.Select(headers => headers[OperationHeaders.KubernetesContext].ToString()));
    }

    [Fact]
    public async Task AnInlineGrant_SendsItsRangesWithTheOperation_AndNoClientCanSetThem()
    {
        await CreateInlineAsync("own");
        await CreateConnectionAsync("open", null);
        await GrantInlineAsync("10.20.0.0/16", "fd12::/32");
        await GrantInlineAsync("192.0.2.0/24", "10.20.0.0/16");
        await GrantAsync();

        using var client = Server.HttpClient(Server.AdminKey);
        foreach (var name in new[] { OperationHeaders.AllowedAddresses, OperationHeaders.AllowedAddresses.ToLowerInvariant() })
        {
            client.DefaultRequestHeaders.TryAddWithoutValidation(name, "0.0.0.0/0");
            foreach (var connection in new[] { "own", "open" })
                (await client.GetAsync(UrlOf(connection, "/api"), Cancellation)).EnsureSuccessStatusCode();
        }

        Assert.Equal(
            ["10.20.0.0/16,192.0.2.0/24,fd12::/32", null, "10.20.0.0/16,192.0.2.0/24,fd12::/32", null],
            Seen.Select(headers => (string?)headers[OperationHeaders.AllowedAddresses]));
    }

    [Fact]
    public async Task AnotherOrganizationsGrant_AndThatOfAnotherRunner_AreNone()
    {
        var (other, _) = await NewOrganizationAsync("other");
        var elsewhere = UniqueName("elsewhere");
        await Admin.RegisterRunnerAsync(null, elsewhere, Cancellation);
        await Admin.GrantRunnerAsync(elsewhere, new() { Organization = Org }, Cancellation);
        await GrantToAsync(other);
        await CreateConnectionAsync("open", null);

        await DeniedAsync("open");

        Assert.Empty(Seen);
    }

    [Fact]
    public async Task TheOrganizationsOwnRunner_NeedsNoGrant_AndTakesNoRanges()
    {
        HeaderDictionary? seen = null;
        await StartRunnerAsync(
            "own",
            context =>
            {
                seen = new HeaderDictionary(context.Request.Headers.ToDictionary(StringComparer.OrdinalIgnoreCase));
                return Task.CompletedTask;
            },
            ["kubernetes", InlineKubernetes.Capability]);
        await Admin.SetDefaultRunnerAsync(Org, "own", Cancellation);
        await CreateInlineAsync("mine");
        await GrantInlineAsync("10.0.0.0/8");

        using var request = new HttpRequestMessage(HttpMethod.Get, UrlOf("mine", "/api"));
        request.Headers.TryAddWithoutValidation(OperationHeaders.AllowedAddresses, "0.0.0.0/0");
        using var response = await Server.HttpClient(Server.AdminKey).SendAsync(request, Cancellation);

        Assert.Equal(200, (int)response.StatusCode);
        Assert.True(seen!.ContainsKey(OperationHeaders.KubernetesConfig));
        Assert.False(seen.ContainsKey(OperationHeaders.AllowedAddresses));
    }

    private async Task<int> StatusAsync(string connection)
    {
        using var response = await GetAsync("/api", connection);
        return (int)response.StatusCode;
    }

    private async Task<string> DeniedAsync(string connection)
    {
        using var response = await GetAsync("/api", connection);
        return await MessageAsync(response, ErrorCode.RunnerNotGranted, 403);
    }
}

public sealed class UngrantedRunnerTestsOnSqlite(RoutingOnSqlite shared) : UngrantedRunnerTests(shared), IClassFixture<RoutingOnSqlite>;

public sealed class UngrantedRunnerTestsOnPostgreSql(RoutingOnPostgreSql shared) : UngrantedRunnerTests(shared), IClassFixture<RoutingOnPostgreSql>;
