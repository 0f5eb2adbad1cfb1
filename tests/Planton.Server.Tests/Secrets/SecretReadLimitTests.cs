using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Planton.Api.Errors;
using Planton.Api.References;
using Planton.Api.Secrets;
using Planton.Server.Authorization;
using Planton.Server.Secrets;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Secrets;

/// <summary>How fast a caller may read secrets. Counted in memory, so that one database is enough.</summary>
public sealed class SecretReadLimitTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WhoReadsTooFastGets429WithRetryAfter_AndOthersAreNotHeldUp()
    {
        await using var server = await LimitedAsync(3);
        await PutAsync(server, new PutSecretRequest { Value = "x" });
        for (var number = 0; number < 3; number++)
            await server.Admin.RevealSecretAsync("default", "db", cancellationToken: Cancellation);
        await Expect.ProblemAsync(ErrorCode.RateLimited, () => server.Admin.RevealSecretAsync("default", "db", cancellationToken: Cancellation));
        using var client = server.HttpClient(server.AdminKey);
        using var response = await client.PostAsync("api/v1/organizations/default/secrets/db/reveal", null, Cancellation);
        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.InRange(response.Headers.RetryAfter!.Delta!.Value.TotalHours, 1, 4);
        var kim = server.Client(await server.AddUserAsync("kim", await server.DefaultOrganizationIdAsync(), RoleName.Member));
        await kim.RevealSecretAsync("default", "db", cancellationToken: Cancellation);
        // Writing and looking are not reading.
        await server.Admin.GetSecretAsync("default", "db", cancellationToken: Cancellation);
        await PutAsync(server, new PutSecretRequest { Value = "y" });
    }

    [Fact]
    public async Task ReferencesCountByTheSecretsTheyRead()
    {
        await using var server = await LimitedAsync(4);
        await server.Admin.PutVariableAsync("default", "region", "eu", cancellationToken: Cancellation);
        foreach (var name in new[] { "a", "b" })
            await server.Admin.PutSecretAsync("default", name, new PutSecretRequest { Value = "x" }, cancellationToken: Cancellation);
        await ResolveAsync("$secret/a", "$secret/a/value", "$secret/b", "$var/region");
        await ResolveAsync("$secret/a", "$secret/b");
        await Expect.ProblemAsync(ErrorCode.RateLimited, () => ResolveAsync("$secret/a"));

        Task ResolveAsync(params string[] references) =>
            server.Admin.ResolveAsync("default", new ResolveRequest { References = references }, Cancellation);
    }

    // Filled up again so late that no test sees it.
    private static Task<ServerFixture> LimitedAsync(int burst) => ServerFixture.StartAsync(configure: builder =>
        builder.Services.AddSingleton(new SecretReadOptions { Burst = burst, PerPeriod = 1, Period = TimeSpan.FromHours(2) }));

    private static Task<Secret> PutAsync(ServerFixture server, PutSecretRequest request) =>
        server.Admin.PutSecretAsync("default", "db", request, cancellationToken: Cancellation);
}
