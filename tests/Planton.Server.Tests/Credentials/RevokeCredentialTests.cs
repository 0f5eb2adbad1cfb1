using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Planton.Api.Credentials;
using Planton.Api.Errors;
using Planton.Api.Runners;
using Planton.Server.Audit;
using Planton.Server.Tests.Fixture;
using Planton.Server.Tests.Kubernetes;
using Planton.Tunnel.Protocol;

namespace Planton.Server.Tests.Credentials;

public sealed class RevokeCredentialTests : KubernetesProxyTest
{
    [Fact]
    public async Task WhenACredentialIsRevoked_ItsTunnelStreamsAndKeyAreDead_AndItsSisterGoesOn()
    {
        await using var runner = await ConnectAsync(Endless);
        var sister = (await Server.Admin.GenerateCredentialsAsync("default", "prod", Cancelled)).Credentials;
        using var stream = await GetAsync("/watch");
        var reading = ReadToItsEndAsync(stream);

        var watch = Stopwatch.StartNew();
        var summary = await Server.Admin.RevokeCredentialAsync("default", "prod", runner.Credentials.Metadata!.Id!, Cancelled);
        await reading.WaitAsync(TimeSpan.FromSeconds(5), Cancelled);
        var took = watch.Elapsed;

        Assert.Equal(new RevocationSummary(1, 1, 1, 1), summary);
        Assert.True(took < TimeSpan.FromSeconds(1), $"the stream lived for {took.TotalMilliseconds:0} ms");
        Assert.Equal(RefusalCode.Revoked, (await runner.Link.Refused.WaitAsync(TimeSpan.FromSeconds(10), Cancelled)).Code);
        var dead = await Expect.ProblemAsync(ErrorCode.Unauthenticated, () => Server.Client(runner.Credentials.ApiKey!).GetCallerAsync(Cancelled));
        Assert.Contains("was revoked at", dead.Detail, StringComparison.Ordinal);

        await using var other = await ConnectedRunner.StartAsync(sister, context => context.Response.WriteAsync("here"));
        Assert.Null((await other.Link.WaitForStartAsync(Cancelled)).Refusal);
        using var again = await GetAsync("/x");
        Assert.Equal("here", await again.Content.ReadAsStringAsync(Cancelled));
    }

    [Fact]
    public async Task TheListTellsWhoMadeAndEndedEach_AndWhichAreConnected()
    {
        var organization = await Server.DefaultOrganizationIdAsync();
        var ada = Server.Client(await Server.AddUserAsync("ada", organization, "admin"));
        await using var runner = await ConnectAsync(Endless);
        var second = (await ada.GenerateCredentialsAsync("default", "prod", Cancelled)).Credentials;
        await ada.RevokeCredentialAsync("default", "prod", second.Metadata!.Id!, Cancelled);

        await Expect.EventuallyAsync("the use is written", async () =>
            (await Server.Admin.ListCredentialsAsync("default", "prod", Cancelled)).Items.Any(credential => credential.LastUsedAt is not null));
        var items = (await Server.Admin.ListCredentialsAsync("default", "prod", Cancelled)).Items;

        Assert.Equal([second.Metadata.Id, runner.Credentials.Metadata!.Id], items.Select(credential => credential.Id));
        var (newer, older) = (items[0], items[1]);
        Assert.Equal(("user", "ada"), (newer.CreatedBy.Kind, newer.CreatedBy.Name));
        Assert.Equal("ada", newer.RevokedBy!.Name);
        Assert.NotNull(newer.RevokedAt);
        Assert.Equal((0, null), (newer.Connected, newer.LastUsedAt));
        Assert.Equal(("admin", 1), (older.CreatedBy.Name, older.Connected));
        Assert.Null(older.RevokedAt);
        Assert.Null(older.RevokedBy);
        Assert.Equal(runner.Credentials.ApiKey![4..16], older.ApiKeyId);
        using var certificate = runner.Credentials.Certificate();
        Assert.Equal((certificate.SerialNumber, runner.Credentials.Metadata.ExpiresAt), (older.CertificateSerial, older.ExpiresAt));
    }

    [Fact]
    public async Task RevokingAgain_EndsNothingMore_AndKeepsTheFirstTime()
    {
        var made = (await Server.Admin.GenerateCredentialsAsync("default", "prod", Cancelled)).Credentials;
        Assert.Equal(new RevocationSummary(1, 1, 0, 0), await RevokeAsync(made));
        var first = (await Server.Admin.ListCredentialsAsync("default", "prod", Cancelled)).Items.Single().RevokedAt;

        Assert.Equal(new RevocationSummary(0, 0, 0, 0), await RevokeAsync(made));

        Assert.Equal(first, (await Server.Admin.ListCredentialsAsync("default", "prod", Cancelled)).Items.Single().RevokedAt);
        var records = await Server.QueryAsync(context => context.AuditRecords.CountAsync(r => r.Action == AuditAction.RevokeCredential, Cancelled));
        Assert.Equal(2, records);
    }

    [Fact]
    public async Task ACredentialOfAnotherRunner_IsNotFoundUnderThisOne()
    {
        await Server.Admin.RegisterRunnerAsync("default", "other", Cancelled);
        var made = (await Server.Admin.GenerateCredentialsAsync("default", "prod", Cancelled)).Credentials;

        var problem = await Expect.ProblemAsync(
            ErrorCode.NotFound, () => Server.Admin.RevokeCredentialAsync("default", "other", made.Metadata!.Id!, Cancelled));
        Assert.Contains("planton runner credentials list other --org default", problem.Hint, StringComparison.Ordinal);
        await Expect.ProblemAsync(ErrorCode.RunnerNotFound, () => Server.Admin.RevokeCredentialAsync("default", "nope", made.Metadata!.Id!, Cancelled));
        Assert.NotNull(await Server.Client(made.ApiKey!).GetCallerAsync(Cancelled));
    }

    [Fact]
    public async Task AnExpiredCredential_IsRevokedAsWell_ButNotCounted()
    {
        var made = (await Server.Admin.GenerateCredentialsAsync(null, "shared", Cancelled)).Credentials;
        await Server.QueryAsync(context => context.RunnerCredentials.ExecuteUpdateAsync(
            set => set.SetProperty(credential => credential.ExpiresAt, TimeProvider.System.GetUtcNow().AddDays(-1)), Cancelled));

        var summary = await Server.Admin.RevokeCredentialAsync(null, "shared", made.Metadata!.Id!, Cancelled);

        Assert.Equal(new RevocationSummary(0, 1, 0, 0), summary);
        Assert.NotNull((await Server.Admin.ListCredentialsAsync(null, "shared", Cancelled)).Items.Single().RevokedAt);
    }

    [Fact]
    public async Task ATunnelThatIsBeingOpenedDuringTheRevocation_IsNotLeftOpen()
    {
        for (var round = 0; round < 30; round++)
        {
            var made = (await Server.Admin.GenerateCredentialsAsync("default", "prod", Cancelled)).Credentials;
            await using var runner = await ConnectedRunner.StartAsync(made, Endless);
            // At another moment of its handshake each time.
            for (var spin = round * 20_000; spin > 0; spin--)
                Thread.SpinWait(1);
            await RevokeAsync(made);
            Assert.Equal(RefusalCode.Revoked, (await runner.Link.Refused.WaitAsync(TimeSpan.FromSeconds(10), Cancelled)).Code);
        }

        await Expect.EventuallyAsync("no tunnel is left", () => Task.FromResult(Server.Get<Tunnel.Gateway.TunnelRegistry>().Count == 0));
    }

    private static async Task Endless(HttpContext context)
    {
        await context.Response.WriteAsync("begun\n", context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
    }

    private static async Task ReadToItsEndAsync(HttpResponseMessage response)
    {
        try
        {
            await response.Content.CopyToAsync(Stream.Null, Cancelled);
        }
        catch (Exception cut) when (cut is HttpRequestException or IOException)
        {
            return;
        }

        Assert.Fail("the stream ended as if it were whole");
    }

    private Task<RevocationSummary> RevokeAsync(RunnerCredentials credentials) =>
        Server.Admin.RevokeCredentialAsync("default", "prod", credentials.Metadata!.Id!, Cancelled);
}
