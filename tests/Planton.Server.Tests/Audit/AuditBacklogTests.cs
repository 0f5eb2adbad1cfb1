using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Planton.Api.Errors;
using Planton.Server.Audit;
using Planton.Server.Authorization;
using Planton.Server.Kubernetes;
using Planton.Server.Quotas;
using Planton.Server.Storage;
using Planton.Server.Tests.Fixture;
using Planton.Server.Tests.Kubernetes;

namespace Planton.Server.Tests.Audit;

/// <summary>A disk that falls behind, and one organization that asks for more than the others.</summary>
public sealed class AuditBacklogTests : KubernetesProxyTest
{
    private const int Backlog = 5;

    private GatedContexts? _contexts;

    private GatedContexts Contexts => _contexts!;

    private protected override Task<ServerFixture> StartServerAsync() => ServerFixture.StartAsync(configure: builder =>
    {
        TunnelServer.UseTunnels(builder);
        builder.Services.AddSingleton(provider => new AuditLog(
            _contexts = new GatedContexts(provider.GetRequiredService<IDbContextFactory<ControlPlaneContext>>()), TimeProvider.System,
            new QuotaOptions { OrganizationAuditBacklog = Backlog }));
    });

    [Fact]
    public async Task OneOrganizationsFlood_GetsA429_WhileAnothersRequestWaitsForItsTurn()
    {
        await ConnectAsync(context => context.Response.WriteAsync("done"));
        var (other, otherId) = await NewOrganizationAsync("other");
        Started(await ConnectedRunner.StartAsync(Server, "prod", context => context.Response.WriteAsync("done"), other));
        await CreateConnectionAsync("cluster", "prod", org: other);
        var stranger = await Server.AddUserAsync("ada", otherId, RoleName.Member);
        Contexts.Close();
        // However it ends: what waits at the gate would keep the server from stopping.
        using var release = new Releasing(Contexts);
        var flood = new List<Task<HttpResponseMessage>> { GetAsync("/api/v1/pods") };
        await Contexts.EnteredAsync();
        // One is with the writer, and five wait.
        flood.AddRange(Enumerable.Range(0, 20).Select(_ => GetAsync("/api/v1/pods")));
        var refused = new List<HttpResponseMessage>();
        for (var number = 0; number < 20 - Backlog; number++)
        {
            var first = await Task.WhenAny(flood).WaitAsync(TimeSpan.FromSeconds(10), Cancelled);
            flood.Remove(first);
            refused.Add(await first);
        }

        var others = GetAsync("/api/v1/pods", stranger, other);
        Contexts.Release();

        Assert.Equal(HttpStatusCode.OK, (await others).StatusCode);
        Assert.All(await Task.WhenAll(flood), answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        foreach (var answer in refused)
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
            Assert.Equal(TimeSpan.FromSeconds(1), answer.Headers.RetryAfter!.Delta);
            Assert.Contains("quota organization-audit-backlog: 5", await answer.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        }

        Assert.Equal(flood.Count + 1, await Server.QueryAsync(context => context.AuditRecords.CountAsync(
            record => record.Action == KubernetesAction.Proxy && record.Outcome == AuditOutcome.Allowed, Cancelled)));
    }

    [Fact]
    public async Task WhatWasSentIsRecordedAllTheSame_AndWhoGoesAwayKeepsItsPlace()
    {
        _ = Server.Get<AuditLog>();
        Contexts.Close();
        using var release = new Releasing(Contexts);
        var waiting = new List<Task> { RecordAsync("a", AuditOutcome.Allowed) };
        await Contexts.EnteredAsync();
        using var gone = new CancellationTokenSource();
        var left = Enumerable.Range(0, Backlog).Select(_ => RecordAsync("a", AuditOutcome.Allowed, gone.Token)).ToList();
        await gone.CancelAsync();
        foreach (var task in left)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => task);
        var refused = await Assert.ThrowsAsync<AuditBacklogException>(() => RecordAsync("a", AuditOutcome.Allowed).WaitAsync(TimeSpan.FromSeconds(10), Cancelled));
        Assert.Equal(ErrorCode.QuotaExceeded, refused.Error.Code);
        waiting.AddRange([RecordAsync("a", AuditOutcome.Failed), RecordAsync("b", AuditOutcome.Allowed)]);
        Contexts.Release();
        await Task.WhenAll(waiting);
        await RecordAsync("a", AuditOutcome.Allowed);
    }

    private Task RecordAsync(string organization, string outcome, CancellationToken? cancellation = null) => Server.Get<AuditLog>().RecordAsync(
        new AuditEntry
        {
            OperationId = ControlPlaneContext.NewId(), OrganizationId = organization, Actor = AuditActor.System, Action = "test", Resource = "thing/1", Outcome = outcome,
        },
        cancellation ?? Cancelled);

    private sealed class Releasing(GatedContexts contexts) : IDisposable
    {
        public void Dispose() => contexts.Release();
    }
}
