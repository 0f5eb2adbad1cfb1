using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Planton.Api;
using Planton.Api.Connections;
using Planton.Api.Errors;
using Planton.Api.Operations;
using Planton.Server.Audit;
using Planton.Server.Tests.Fixture;
using Planton.Server.Tests.Routing;

namespace Planton.Server.Tests.Connections;

/// <summary>Connections that bring their own credentials: what is stored, and what the runner is sent of it.</summary>
public abstract class InlineConnectionTests(SharedServer shared) : InlineConnectionTest(shared)
{
    private const string Token = "inline-token-that-is-secret";

    [Fact]
    public async Task WhatAConnectionBrings_ReachesTheRunnerWithEachRequest_AndNothingElseOfIt()
    {
        await ConnectRunnerAsync();
        await CreateAsync("eks", Kubeconfig($"token: {Token}", "tls-server-name: api.internal, insecure-skip-tls-verify: true, disable-compression: true"));

        for (var i = 0; i < 2; i++)
            using (await GetAsync("/api", "eks"))
            {
            }

        Assert.Equal(2, Seen.Count);
        Assert.All(Seen, headers =>
        {
            Assert.Equal(
                $$"""{"server":"https://10.0.0.1:6443","insecure-skip-tls-verify":true,"tls-server-name":"api.internal","token":"{{Token}}"}""",
                Encoding.UTF8.GetString(Convert.FromBase64String(headers[OperationHeaders.KubernetesConfig]!)));
            Assert.False(headers.ContainsKey(OperationHeaders.KubernetesContext));
        });
    }

    [Fact]
    public async Task ItIsAnsweredByNothing_LoggedNowhere_AndNotInTheDatabaseInTheClear()
    {
        await ConnectRunnerAsync();
        var made = await CreateAsync("eks", Kubeconfig($"token: {Token}"));
        using (await GetAsync("/api", "eks"))
        {
        }

        var answers = JsonSerializer.Serialize(made, PlantonJson.Default.Connection)
            + JsonSerializer.Serialize(await Admin.GetConnectionAsync(Org, "eks", Cancellation), PlantonJson.Default.Connection)
            + JsonSerializer.Serialize(await Admin.ListConnectionsAsync(Org, Cancellation), PlantonJson.Default.ListResponseConnection);
        Assert.Equal("inline", made.AuthMode);
        Assert.DoesNotContain(Token, answers, StringComparison.Ordinal);
        Assert.DoesNotContain("10.0.0.1", answers, StringComparison.Ordinal);
        Assert.DoesNotContain(Token, Server.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Seen[0][OperationHeaders.KubernetesConfig].ToString(), Server.Log.Text, StringComparison.Ordinal);
        var records = await Server.QueryAsync(context => context.AuditRecords.ToListAsync(Cancellation));
        Assert.DoesNotContain(Token, JsonSerializer.Serialize(records), StringComparison.Ordinal);
        var stored = await Server.QueryAsync(context => context.ConnectionMaterials.SingleAsync(
            material => material.ConnectionId == made.Id, Cancellation));
        Assert.DoesNotContain(Token, Encoding.UTF8.GetString(stored.SealedKubeconfig), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheLargestKubeconfig_FitsInTheHeader_BesideAClientsOwnHeaders()
    {
        await ConnectRunnerAsync();
        var padding = KubernetesTarget.MaxKubeconfigBytes - Encoding.UTF8.GetByteCount(Json(""));
        await CreateAsync("eks", Json(new string('t', padding)));
        using var request = new HttpRequestMessage(HttpMethod.Get, UrlOf("eks", "/api"));
        for (var i = 0; i < 7; i++)
            request.Headers.TryAddWithoutValidation($"X-Large-{i}", new string('x', 18_000));

        using var response = await Server.HttpClient(Server.AdminKey).SendAsync(request, Cancellation);

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Contains(new string('t', padding), Encoding.UTF8.GetString(Convert.FromBase64String(Assert.Single(Seen)[OperationHeaders.KubernetesConfig]!)), StringComparison.Ordinal);

        var problem = await Expect.ProblemAsync(ErrorCode.InvalidArgument, () => CreateAsync("more", Json(new string('t', padding + 1))));
        Assert.Contains("larger than 48 KiB", problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OfSeveralContexts_TheOneThatIsNamedIsTaken_ReferencesAndAll()
    {
        await ConnectRunnerAsync();
        var made = await Admin.CreateConnectionAsync(Org, new CreateConnectionRequest
        {
            Name = "eks", Kind = "kubernetes", AuthMode = "inline", Runner = "prod",
            Kubernetes = new KubernetesTarget
            {
                Context = "two",
                Kubeconfig = """
                    current-context: one
                    contexts: [{name: one, context: {cluster: c1, user: u1}}, {name: two, context: {cluster: c2, user: u2}}]
                    clusters: [{name: c1, cluster: {server: https://one}}, {name: c2, cluster: {server: $var/address}}]
                    users: [{name: u1, user: {exec: {command: x}}}, {name: u2, user: {token: $secret/two/token}}]
                    """,
            },
        }, Cancellation);

        using var response = await GetAsync("/api", "eks");

        Assert.Null(made.Kubernetes!.Context);
        Assert.Equal(
            """{"server":"$var/address","token":"$secret/two/token"}""",
            Encoding.UTF8.GetString(Convert.FromBase64String(Assert.Single(Seen)[OperationHeaders.KubernetesConfig]!)));
    }

    [Fact]
    public async Task WithTheConnection_WhatItBroughtIsDeleted()
    {
        await Admin.RegisterRunnerAsync(Org, "prod", Cancellation);
        var made = await CreateAsync("eks", Kubeconfig($"token: {Token}"));
        Assert.Equal(1, await MaterialsAsync(made));

        await Admin.DeleteConnectionAsync(Org, "eks", Cancellation);

        Assert.Equal(0, await MaterialsAsync(made));
        var record = await Server.QueryAsync(context => context.AuditRecords.SingleAsync(
            r => r.Action == AuditAction.CreateConnection && r.OrganizationId == OrgId, Cancellation));
        Assert.Equal("runner prod, inline credentials", record.Detail);
    }

    private Task<int> MaterialsAsync(Connection made) =>
        Server.QueryAsync(context => context.ConnectionMaterials.CountAsync(material => material.ConnectionId == made.Id, Cancellation));
}

public sealed class InlineConnectionTestsOnSqlite(RoutingOnSqlite shared) : InlineConnectionTests(shared), IClassFixture<RoutingOnSqlite>;

public sealed class InlineConnectionTestsOnPostgreSql(RoutingOnPostgreSql shared) : InlineConnectionTests(shared), IClassFixture<RoutingOnPostgreSql>;
