using Microsoft.EntityFrameworkCore;
using Planton.Api.Connections;
using Planton.Api.Errors;
using Planton.Api.Secrets;
using Planton.Server.Hosting;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Quotas;

/// <summary>What an organization may keep.</summary>
public abstract class StoredQuotaTests(DatabaseKind database)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunnersAreBounded_HoweverTheyAreMade_AndThoseOfThePlatformToo()
    {
        await using var server = await StartAsync();
        await server.Admin.RegisterRunnerAsync("default", "one", Cancellation);
        await server.Admin.GenerateCredentialsAsync("default", "two", Cancellation);

        var problem = await Expect.ProblemAsync(ErrorCode.QuotaExceeded, () => server.Admin.RegisterRunnerAsync("default", "three", Cancellation));
        Assert.Equal("organization \"default\" has as many runners as it may (quota organization-runners: 2)", problem.Detail);
        await Expect.ProblemAsync(ErrorCode.QuotaExceeded, () => server.Admin.GenerateCredentialsAsync("default", "three", Cancellation));
        // Of those that there are, more credentials.
        await server.Admin.GenerateCredentialsAsync("default", "one", Cancellation);

        foreach (var name in (string[])["one", "two"])
            await server.Admin.RegisterRunnerAsync(null, name, Cancellation);
        problem = await Expect.ProblemAsync(ErrorCode.QuotaExceeded, () => server.Admin.RegisterRunnerAsync(null, "three", Cancellation));
        Assert.StartsWith("the platform has", problem.Detail, StringComparison.Ordinal);

        await server.Admin.DeleteRunnerAsync("default", "one", Cancellation);
        await server.Admin.RegisterRunnerAsync("default", "three", Cancellation);
        Assert.Equal(4, await server.QueryAsync(context => context.Runners.CountAsync(Cancellation)));
    }

    [Fact]
    public async Task ConnectionsAreBounded()
    {
        await using var server = await StartAsync();
        foreach (var name in (string[])["one", "two"])
            await CreateAsync(server, name);
        var problem = await Expect.ProblemAsync(ErrorCode.QuotaExceeded, () => CreateAsync(server, "three"));
        Assert.Equal("organization \"default\" has as many connections as it may (quota organization-connections: 2)", problem.Detail);
        Assert.Null(await RetryAfterAsync(server));
        await server.Admin.CreateOrganizationAsync("other", Cancellation);
        await CreateAsync(server, "one", "other");
    }

    [Fact]
    public async Task StoredBytesAreBounded_OfOneOrganization_ByWhatThereIs()
    {
        await using var server = await StartAsync();
        var value = new string('x', 300 * 1024);
        await PutSecretAsync(server, "one", value);
        await PutSecretAsync(server, "one", value);
        await PutSecretAsync(server, "two", value);

        var problem = await Expect.ProblemAsync(ErrorCode.QuotaExceeded, () => PutSecretAsync(server, "three", value));
        Assert.Matches("^organization \"default\" stores 90\\d KiB of secrets, .* bytes more are too many \\(quota organization-stored-mib: 1\\)$", problem.Detail);
        Assert.Equal(3, await server.QueryAsync(context => context.SecretVersions.CountAsync(Cancellation)));
        for (var number = 0; number < 2; number++)
            await server.Admin.PutVariableAsync("default", "small", new string('v', 60_000), cancellationToken: Cancellation);
        await Expect.ProblemAsync(
            ErrorCode.QuotaExceeded, () => server.Admin.PutVariableAsync("default", "small", new string('v', 60_000), cancellationToken: Cancellation));
        await Expect.ProblemAsync(ErrorCode.QuotaExceeded, () => CreateInlineAsync(server, new string('t', 40_000)));
        Assert.Equal(0, await server.QueryAsync(context => context.Connections.CountAsync(Cancellation)));
        await server.Admin.CreateOrganizationAsync("other", Cancellation);
        await PutSecretAsync(server, "one", value, "other");

        // Counted anew after a second at the most.
        await server.Admin.DeleteSecretAsync("default", "one", cancellationToken: Cancellation);
        await Expect.EventuallyAsync("what was deleted counts no more", async () =>
        {
            try
            {
                await PutSecretAsync(server, "three", value);
                return true;
            }
            catch (Api.Client.ApiException refused) when (refused.Problem.Code == ErrorCode.QuotaExceeded)
            {
                return false;
            }
        });
        await CreateInlineAsync(server, new string('t', 40_000));
    }

    [Fact]
    public async Task AfterARestartItIsStillFull()
    {
        using var folder = new TemporaryFolder();
        await using (var server = await StartAsync(folder))
        {
            foreach (var name in (string[])["a", "b", "c"])
                await PutSecretAsync(server, name, new string('x', 300 * 1024));
        }

        await using var again = await StartAsync(folder);
        await Expect.ProblemAsync(ErrorCode.QuotaExceeded, () => PutSecretAsync(again, "d", new string('x', 300 * 1024)));
    }

    private Task<ServerFixture> StartAsync(TemporaryFolder? folder = null) => folder is null
        ? ServerFixture.StartAsync(Limited, database: database)
        : ServerFixture.StartInAsync(folder, Limited, database: database);

    private static ServerOptions Limited(ServerOptions options) => options with
    {
        Quotas = ServerFixture.Quotas with { OrganizationRunners = 2, OrganizationConnections = 2, OrganizationStoredMebibytes = 1 },
    };

    private static async Task<TimeSpan?> RetryAfterAsync(ServerFixture server)
    {
        using var client = server.HttpClient(server.AdminKey);
        using var body = new StringContent("""{"name":"three","kind":"kubernetes","authMode":"runner"}""", System.Text.Encoding.UTF8, "application/json");
        using var response = await client.PostAsync("api/v1/organizations/default/connections", body, Cancellation);
        Assert.Equal(System.Net.HttpStatusCode.TooManyRequests, response.StatusCode);
        return response.Headers.RetryAfter?.Delta;
    }

    private static Task<Secret> PutSecretAsync(ServerFixture server, string name, string value, string org = "default") =>
        server.Admin.PutSecretAsync(org, name, new PutSecretRequest { Value = value }, cancellationToken: Cancellation);

    private static Task<Connection> CreateAsync(ServerFixture server, string name, string org = "default") => server.Admin.CreateConnectionAsync(
        org, new CreateConnectionRequest { Name = name, Kind = "kubernetes", AuthMode = "runner" }, Cancellation);

    private static Task<Connection> CreateInlineAsync(ServerFixture server, string token) => server.Admin.CreateConnectionAsync(
        "default",
        new CreateConnectionRequest
        {
            Name = "inline",
            Kind = "kubernetes",
            AuthMode = "inline",
            Kubernetes = new KubernetesTarget
            {
                Kubeconfig = $$$"""{"current-context":"x","clusters":[{"name":"c","cluster":{"server":"https://s"}}],"users":[{"name":"u","user":{"token":"{{{token}}}"}}],"contexts":[{"name":"x","context":{"cluster":"c","user":"u"}}]}""",
            },
        },
        Cancellation);
}

public sealed class StoredQuotaTestsOnSqlite() : StoredQuotaTests(DatabaseKind.Sqlite);

public sealed class StoredQuotaTestsOnPostgreSql() : StoredQuotaTests(DatabaseKind.PostgreSql);
