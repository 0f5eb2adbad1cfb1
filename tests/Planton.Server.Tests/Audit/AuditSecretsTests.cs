using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Planton.Server.ApiKeys;
using Planton.Server.Audit;
using Planton.Server.Tests.Fixture;
using Planton.Server.Tests.Kubernetes;

namespace Planton.Server.Tests.Audit;

/// <summary>The audit trail is read by people who may not see secrets: whatever goes through the server, it holds none.</summary>
public sealed class AuditSecretsTests : KubernetesProxyTest
{
    [Fact]
    public async Task NoSecretOfAnyOperationIsInAnyRecord()
    {
        var runner = await ConnectAsync(context => context.Response.WriteAsync("answer-secret"));
        var other = (await Server.Admin.GenerateCredentialsAsync(null, "shared", Cancelled)).Credentials;
        var stranger = await Server.AddUserAsync("stranger");
        var expired = await Server.AddUserAsync("late", expiresAt: TimeProvider.System.GetUtcNow().AddDays(-1));

        using var body = new StringContent("body-secret");
        using var post = new HttpRequestMessage(HttpMethod.Post, new Uri($"{Server.Url}kubernetes/default/cluster/api/v1/secrets?token=query-secret")) { Content = body };
        post.Headers.Add("X-Token", "header-secret");
        (await Server.HttpClient(Server.AdminKey).SendAsync(post, Cancelled)).Dispose();
        foreach (var key in new[] { stranger, expired, runner.Credentials.ApiKey!, other.ApiKey! })
            (await GetAsync("/api/v1/secrets?token=query-secret", key)).Dispose();
        // Keys where they do not belong.
        (await GetAsync($"/api/v1/namespaces/{stranger}/pods")).Dispose();
        (await GetAsync("/api", org: Server.AdminKey)).Dispose();
        (await GetAsync("/api", connection: other.ApiKey!)).Dispose();

        string[] secrets =
        [
            .. new[] { Server.AdminKey, stranger, expired, runner.Credentials.ApiKey!, other.ApiKey! }.Select(key => key[16..48]),
            .. new[] { runner.Credentials, other }.Select(credentials => credentials.Tunnel!.PrivateKey!.Split('\n')[1]),
            "PRIVATE KEY", "BEGIN CERTIFICATE", "query-secret", "body-secret", "header-secret", "answer-secret",
        ];
        var records = await Server.QueryAsync(context => context.AuditRecords.ToListAsync(Cancelled));
        Assert.True(records.Count >= 12, $"only {records.Count} records");
        var text = JsonSerializer.Serialize(records);
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, text, StringComparison.Ordinal));
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, Server.Log.Text, StringComparison.Ordinal));
        // What is no secret is told: which key, and which certificate.
        Assert.Contains(records, record => record.Action == AuditAction.GenerateCredentials && record.Detail!.Contains(other.ApiKey![4..16], StringComparison.Ordinal));
    }

    [Fact]
    public async Task WhatIsStoredOfAKeyDoesNotVerifyAnotherSecret()
    {
        var key = ApiKeyText.Generate();
        Assert.Equal(32, key.SecretHash.Length);
        Assert.StartsWith(key.Fingerprint, Convert.ToHexStringLower(key.SecretHash), StringComparison.Ordinal);
        Assert.DoesNotContain(key.Text[16..48], JsonSerializer.Serialize(await Server.QueryAsync(context => context.ApiKeys.ToListAsync(Cancelled))), StringComparison.Ordinal);
        Assert.NotEqual(ApiKeyText.Hash(key.Text[16..48]), ApiKeyText.Hash(key.Text[16..47]));
    }
}
