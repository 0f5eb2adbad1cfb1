using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Planton.Api.Errors;
using Planton.Api.Operations;
using Planton.Server.ApiKeys;
using Planton.Server.Audit;
using Planton.Server.Errors;
using Planton.Server.Hosting;
using Planton.Server.Storage;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Hosting;

/// <summary>A server whose database is away, as its driver and Entity Framework tell it.</summary>
public sealed class DatabaseOutageTests
{
    // A transient fault of PostgreSQL as Entity Framework wraps it.
    private static readonly InvalidOperationException Away = new("An exception has been raised that is likely due to a transient failure.", new NpgsqlException("secret-host", new IOException("gone")));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task NoBackgroundServiceEnds_AndEachGoesOnAfterwards()
    {
        var (server, database) = await FailingDatabase.StartAsync(DatabaseKind.Sqlite);
        await using var _ = server;
        var services = server.App.Services.GetServices<IHostedService>().OfType<BackgroundService>()
            .Where(service => service.GetType().Assembly == typeof(ServerApplication).Assembly).ToList();
        Assert.InRange(services.Count, 6, 20);
        database.Failure = Away;
        // Something to write for those that only write when there is something.
        server.Get<ApiKeyUsage>().Note("0123456789ab");
        await LoggedAsync(server, "Failed", "writing when API keys were last used", "reading the certificate authorities");
        await LoggedAsync(server, "Not ready: the database cannot be reached", "");
        Assert.All(services, service => Assert.False(service.ExecuteTask!.IsCompleted, $"{service.GetType().Name} ended"));
        Assert.False(server.Get<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested);

        database.Failure = null;
        server.Get<ApiKeyUsage>().Note("0123456789ac");
        await LoggedAsync(server, "Works again", "writing when API keys were last used", "reading the certificate authorities");
        await LoggedAsync(server, "Ready again after", "");
    }

    [Fact]
    public async Task ARequestIsAnsweredUnavailable_AndWhenToTryAgain_AndTheDatabaseIsNotNamed()
    {
        var (server, database) = await FailingDatabase.StartAsync(DatabaseKind.Sqlite);
        await using var _ = server;
        database.Failure = Away;
        var problem = await Expect.ProblemAsync(ErrorCode.Unavailable, () => server.Admin.ListRunnersAsync("default", cancellationToken: Cancellation));
        Assert.Equal("not sent, the database could not be used: the database cannot be reached", problem.Detail);
        Assert.Equal($"Try again in 2 s. The control plane's log says more under operation {problem.OperationId}.", problem.Hint);
        using var client = server.HttpClient(server.AdminKey);
        using var response = await client.GetAsync("api/v1/me", Cancellation);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, TimeSpan.FromSeconds(2)), (response.StatusCode, response.Headers.RetryAfter?.Delta));
        Assert.Contains($"(operation {problem.OperationId}): not sent, ", server.Log.Text, StringComparison.Ordinal);

        database.Failure = null;
        Assert.Empty((await server.Admin.ListRunnersAsync("default", cancellationToken: Cancellation)).Items);
    }

    [Fact]
    public async Task HealthIsToldToWhoeverSendsAKeyAsWell()
    {
        var (server, database) = await FailingDatabase.StartAsync(DatabaseKind.Sqlite);
        await using var _ = server;
        database.Failure = Away;
        using var client = server.HttpClient(server.AdminKey);
        using var ready = await client.GetAsync("healthz/ready", Cancellation);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "the database cannot be reached\n"), (ready.StatusCode, await ready.Content.ReadAsStringAsync(Cancellation)));
        Assert.Equal("ok\n", await client.GetStringAsync("healthz/live", Cancellation));
    }

    [Fact]
    public async Task BelowKubernetesItIsAStatus()
    {
        var (server, database) = await FailingDatabase.StartAsync(DatabaseKind.Sqlite);
        await using var _ = server;
        database.Failure = Away;
        using var client = server.HttpClient(server.AdminKey);
        using var response = await client.GetAsync("kubernetes/default/prod/api/v1/pods", Cancellation);
        using var status = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal(("Status", 503), (status.RootElement.GetProperty("kind").GetString(), status.RootElement.GetProperty("code").GetInt32()));
        Assert.Equal(ErrorCode.Unavailable, response.Headers.GetValues(OperationHeaders.Error).Single());
        Assert.Equal(TimeSpan.FromSeconds(2), response.Headers.RetryAfter?.Delta);
        var message = status.RootElement.GetProperty("message").GetString()!;
        Assert.StartsWith("not sent, the database could not be used: the database cannot be reached. Try again in 2 s.", message, StringComparison.Ordinal);
        Assert.Contains(response.Headers.GetValues(OperationHeaders.OperationId).Single(), message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ARunnerThatDialsMeanwhile_IsToldWhy_AndIsLetInAfterwards()
    {
        var (server, database) = await FailingDatabase.StartAsync(DatabaseKind.Sqlite);
        await using var _ = server;
        var made = await server.Admin.GenerateCredentialsAsync("default", "prod", Cancellation);
        database.Failure = Away;
        await using var runner = await ConnectedRunner.StartAsync(made.Credentials, _ => Task.CompletedTask);
        await LoggedAsync(server, "", "the control plane cannot look this runner up now: the database cannot be reached");
        Assert.False(runner.Link.Refused.IsCompleted, "it was turned away for good");
        database.Failure = null;
        Assert.Null((await runner.Link.WaitForStartAsync(Cancellation)).Refusal);
    }

    [Fact]
    public async Task AFullDiskIsNamed_WhenTheRecordCannotBeWritten()
    {
        var full = new AuditNotWrittenException("the audit record could not be written", new DatabaseFaultException(DatabaseFault.DataDiskFull));
        await using var server = await ServerFixture.StartAsync(
            configure: builder => builder.Services.AddSingleton<IAuditLog>(provider => new FullLog(
                new AuditLog(provider.GetRequiredService<IDbContextFactory<ControlPlaneContext>>(), TimeProvider.System), full)));
        using var client = server.HttpClient(server.AdminKey);
        using var response = await client.GetAsync("kubernetes/default/prod/api/v1/pods", Cancellation);
        using var status = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancellation));
        Assert.StartsWith(
            "not sent, the audit record could not be written: the disk of the data folder is full.", status.RootElement.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void WhatBrokeInTheMiddleOfItsCommit_IsSaidToBeUnknown_AndNotToBeRepeated()
    {
        var error = UnavailableErrors.Of(
            new DatabaseFaultException(DatabaseFault.Unreachable, Away) { MayBeDone = true }, "op-1")!;
        Assert.Equal("it is not known whether this was done: the database cannot be reached, since it was being committed", error.Detail);
        Assert.StartsWith("Look before you repeat it.", error.Hint, StringComparison.Ordinal);
        Assert.Null(error.RetryAfter);
        // An operation waits for its record: without one it was not sent, whatever became of the record.
        Assert.StartsWith(
            "not sent, ",
            UnavailableErrors.Of(new AuditNotWrittenException("x", new DatabaseFaultException(DatabaseFault.Unreachable) { MayBeDone = true }), "op-1")!.Detail,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task AServiceThatFallsAllTheSame_EndsTheServerWithOne()
    {
        using var folder = new TemporaryFolder();
        using var errors = new StringWriter();
        var exit = await ServerRun.RunAsync(
            ServerFixture.OptionsIn(folder), errors, builder => builder.Services.AddHostedService<Falling>(), Cancellation);
        Assert.Equal(ServerExit.Failed, exit);
    }

    [Fact]
    public async Task AServerThatIsStoppedEndsWithZero()
    {
        using var folder = new TemporaryFolder();
        using var errors = new StringWriter();
        var exit = await ServerRun.RunAsync(
            ServerFixture.OptionsIn(folder), errors, builder => builder.Services.AddHostedService<Stopping>(), Cancellation);
        Assert.Equal((ServerExit.Ok, ""), (exit, errors.ToString()));
    }

    private static Task LoggedAsync(ServerFixture server, string what, params string[] works) => Eventually.BecomesTrueAsync(
        () => works.All(work => server.Log.Records.Any(record =>
            record.Message.StartsWith(what, StringComparison.Ordinal) && record.Message.Contains(work, StringComparison.Ordinal))),
        $"the log says {what}: {string.Join(" and ", works)}", cancellationToken: Cancellation);

    private sealed class FullLog(IAuditLog inner, Exception full) : IAuditLog
    {
        public Task RecordAsync(AuditEntry entry, CancellationToken cancellationToken) => throw full;

        public void Append(ControlPlaneContext context, AuditEntry entry) => inner.Append(context, entry);
    }

    private sealed class Falling(IHostApplicationLifetime lifetime) : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            var started = new TaskCompletionSource();
            await using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
            await started.Task;
            throw new NotSupportedException("a bug that no loop catches");
        }
    }

    private sealed class Stopping(IHostApplicationLifetime lifetime) : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            var started = new TaskCompletionSource();
            await using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
            await started.Task;
            lifetime.StopApplication();
        }
    }
}
