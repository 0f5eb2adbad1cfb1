using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Planton.Api.Connections;
using Planton.Server.Audit;
using Planton.Server.Gateway;
using Planton.Server.Runners;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Audit;

/// <summary>The audit trail is read by people who may not see secrets, so no operation leaves one in it.</summary>
public abstract class AuditSecretsTests(DatabaseKind database)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task NoSecretOfAnyOperationIsInAnyRecord()
    {
        await using var server = await ServerFixture.StartAsync(configure: Real, database: database);
        await using var runner = await ConnectedRunner.StartAsync(server, "prod", context => context.Response.WriteAsync("answer-secret"));
        await server.Admin.CreateConnectionAsync("default", new CreateConnectionRequest { Name = "cluster", Kind = "kubernetes", Runner = "prod" }, Cancellation);
        var other = (await server.Admin.GenerateCredentialsAsync(null, "shared", Cancellation)).Credentials;
        var stranger = await server.AddUserAsync("stranger");
        var expired = await server.AddUserAsync("late", expiresAt: TimeProvider.System.GetUtcNow().AddDays(-1));

        using var body = new StringContent("body-secret");
        using var post = new HttpRequestMessage(HttpMethod.Post, new Uri($"{server.Url}kubernetes/default/cluster/api/v1/secrets?token=query-secret")) { Content = body };
        post.Headers.Add("X-Token", "header-secret");
        using (var answer = await server.HttpClient(server.AdminKey).SendAsync(post, Cancellation))
            Assert.Equal("answer-secret", await answer.Content.ReadAsStringAsync(Cancellation));
        foreach (var key in new[] { stranger, expired, runner.Credentials.ApiKey!, other.ApiKey! })
            (await GetAsync(server, "/api/v1/secrets?token=query-secret", key)).Dispose();
        // Keys where they do not belong.
        (await GetAsync(server, $"/api/v1/namespaces/{stranger}/pods")).Dispose();
        (await GetAsync(server, "/api", org: server.AdminKey)).Dispose();
        (await GetAsync(server, "/api", connection: other.ApiKey!)).Dispose();

        string[] secrets =
        [
            .. new[] { server.AdminKey, stranger, expired, runner.Credentials.ApiKey!, other.ApiKey! }.Select(key => key[16..48]),
            .. new[] { runner.Credentials, other }.Select(credentials => credentials.Tunnel!.PrivateKey!.Split('\n')[1]),
            "PRIVATE KEY", "BEGIN CERTIFICATE", "query-secret", "body-secret", "header-secret", "answer-secret",
        ];
        var records = await server.QueryAsync(context => context.AuditRecords.ToListAsync(Cancellation));
        Assert.True(records.Count >= 12, $"only {records.Count} records");
        var text = JsonSerializer.Serialize(records);
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, text, StringComparison.Ordinal));
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, server.Log.Text, StringComparison.Ordinal));
        // What is not secret is recorded: which key, and which certificate.
        Assert.Contains(records, record => record.Action == AuditAction.GenerateCredentials && record.Detail!.Contains(other.ApiKey![4..16], StringComparison.Ordinal));
    }

    private static Task<HttpResponseMessage> GetAsync(ServerFixture server, string path, string? key = null, string org = "default", string connection = "cluster") =>
        server.HttpClient(key ?? server.AdminKey).GetAsync(new Uri($"{server.Url}kubernetes/{org}/{connection}{path}"), Cancellation);

    private static void Real(WebApplicationBuilder builder) => builder.Services.AddSingleton<IRunnerPresence, RunnerPresence>();
}

public sealed class AuditSecretsTestsOnSqlite() : AuditSecretsTests(DatabaseKind.Sqlite);

public sealed class AuditSecretsTestsOnPostgreSql() : AuditSecretsTests(DatabaseKind.PostgreSql);
