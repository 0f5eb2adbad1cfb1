using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Planton.Api.Credentials;
using Planton.Api.Errors;
using Planton.Api.Runners;
using Planton.Server.Audit;
using Planton.Server.Tests.Fixture;
using Planton.Server.Tests.Routing;
using Planton.Tunnel.Gateway;
using Planton.Tunnel.Protocol;

namespace Planton.Server.Tests.Credentials;

public abstract class RevokeCredentialTests(SharedServer shared) : RoutedTest(shared)
{
    [Fact]
    public async Task WhenACredentialIsRevoked_ItsTunnelStreamsAndKeyAreDead_AndItsSisterGoesOn()
    {
        await using var runner = await ConnectAsync(Endless);
        var sister = (await Admin.GenerateCredentialsAsync(Org, "prod", Cancellation)).Credentials;
        using var stream = await GetAsync("/watch");
        var reading = ReadToItsEndAsync(stream);

        var watch = Stopwatch.StartNew();
        var summary = await Admin.RevokeCredentialAsync(Org, "prod", runner.Credentials.Metadata!.Id!, Cancellation);
        await reading.WaitAsync(TimeSpan.FromSeconds(5), Cancellation);
        var took = watch.Elapsed;

        Assert.Equal(new RevocationSummary(1, 1, 1, 1), summary);
        Assert.True(took < TimeSpan.FromSeconds(1), $"the stream lived for {took.TotalMilliseconds:0} ms");
        Assert.Equal(RefusalCode.Revoked, (await runner.Link.Refused.WaitAsync(TimeSpan.FromSeconds(10), Cancellation)).Code);
        var dead = await Expect.ProblemAsync(ErrorCode.Unauthenticated, () => Server.Client(runner.Credentials.ApiKey!).GetCallerAsync(Cancellation));
        Assert.Contains("was revoked at", dead.Detail, StringComparison.Ordinal);

        await using var other = await ConnectedRunner.StartAsync(sister, context => context.Response.WriteAsync("here"));
        Assert.Null((await other.Link.WaitForStartAsync(Cancellation)).Refusal);
        using var again = await GetAsync("/x");
        Assert.Equal("here", await again.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact]
    public async Task TheListTellsWhoMadeAndEndedEach_AndWhichAreConnected()
    {
        var name = UniqueName("ada");
        var ada = Server.Client(await Server.AddUserAsync(name, OrgId, "admin"));
        await using var runner = await ConnectAsync(Endless);
        var second = (await ada.GenerateCredentialsAsync(Org, "prod", Cancellation)).Credentials;
        await ada.RevokeCredentialAsync(Org, "prod", second.Metadata!.Id!, Cancellation);

        await Eventually.BecomesTrueAsync(
            async () => (await Admin.ListCredentialsAsync(Org, "prod", Cancellation)).Items.Any(credential => credential.LastUsedAt is not null),
            "the use is written",
            cancellationToken: Cancellation);
        var items = (await Admin.ListCredentialsAsync(Org, "prod", Cancellation)).Items;

        Assert.Equal([second.Metadata.Id, runner.Credentials.Metadata!.Id], items.Select(credential => credential.Id));
        var (newer, older) = (items[0], items[1]);
        Assert.Equal(("user", name), (newer.CreatedBy.Kind, newer.CreatedBy.Name));
        Assert.Equal(name, newer.RevokedBy!.Name);
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
        var made = (await Admin.GenerateCredentialsAsync(Org, "prod", Cancellation)).Credentials;
        Assert.Equal(new RevocationSummary(1, 1, 0, 0), await RevokeAsync(made));
        var first = (await Admin.ListCredentialsAsync(Org, "prod", Cancellation)).Items.Single().RevokedAt;

        Assert.Equal(new RevocationSummary(0, 0, 0, 0), await RevokeAsync(made));

        Assert.Equal(first, (await Admin.ListCredentialsAsync(Org, "prod", Cancellation)).Items.Single().RevokedAt);
        var records = await Server.QueryAsync(context => context.AuditRecords.CountAsync(
            r => r.Action == AuditAction.RevokeCredential && r.OrganizationId == OrgId, Cancellation));
        Assert.Equal(2, records);
    }

    [Fact]
    public async Task ACredentialOfAnotherRunner_IsNotFoundUnderThisOne()
    {
        await Admin.RegisterRunnerAsync(Org, "other", Cancellation);
        var made = (await Admin.GenerateCredentialsAsync(Org, "prod", Cancellation)).Credentials;

        var problem = await Expect.ProblemAsync(
            ErrorCode.NotFound, () => Admin.RevokeCredentialAsync(Org, "other", made.Metadata!.Id!, Cancellation));
        Assert.Contains($"planton runner credentials list other --org {Org}", problem.Hint, StringComparison.Ordinal);
        await Expect.ProblemAsync(ErrorCode.RunnerNotFound, () => Admin.RevokeCredentialAsync(Org, "nope", made.Metadata!.Id!, Cancellation));
        Assert.NotNull(await Server.Client(made.ApiKey!).GetCallerAsync(Cancellation));
    }

    [Fact]
    public async Task AnExpiredCredential_IsRevokedAsWell_ButNotCounted()
    {
        var name = UniqueName("shared");
        var id = (await Admin.GenerateCredentialsAsync(null, name, Cancellation)).Credentials.Metadata!.Id!;
        await Server.QueryAsync(context => context.RunnerCredentials.Where(credential => credential.Id == id).ExecuteUpdateAsync(
            set => set.SetProperty(credential => credential.ExpiresAt, TimeProvider.System.GetUtcNow().AddDays(-1)), Cancellation));

        var summary = await Admin.RevokeCredentialAsync(null, name, id, Cancellation);

        Assert.Equal(new RevocationSummary(0, 1, 0, 0), summary);
        Assert.NotNull((await Admin.ListCredentialsAsync(null, name, Cancellation)).Items.Single().RevokedAt);
    }

    [Fact]
    public async Task ATunnelThatIsBeingOpenedDuringTheRevocation_IsNotLeftOpen()
    {
        var runnerId = (await Admin.RegisterRunnerAsync(Org, "prod", Cancellation)).Id;
        for (var round = 0; round < 30; round++)
        {
            var made = (await Admin.GenerateCredentialsAsync(Org, "prod", Cancellation)).Credentials;
            await using var runner = await ConnectedRunner.StartAsync(made, Endless);
            // At another moment of its handshake each time.
            for (var spin = round * 20_000; spin > 0; spin--)
                Thread.SpinWait(1);
            await RevokeAsync(made);
            Assert.Equal(RefusalCode.Revoked, (await runner.Link.Refused.WaitAsync(TimeSpan.FromSeconds(10), Cancellation)).Code);
        }

        await Eventually.BecomesTrueAsync(() => Server.Get<TunnelRegistry>().Of(runnerId).IsEmpty, "no tunnel is left", cancellationToken: Cancellation);
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
            await response.Content.CopyToAsync(Stream.Null, Cancellation);
        }
        catch (Exception cut) when (cut is HttpRequestException or IOException)
        {
            return;
        }

        Assert.Fail("the stream ended as if it were whole");
    }

    private Task<RevocationSummary> RevokeAsync(RunnerCredentials credentials) =>
        Admin.RevokeCredentialAsync(Org, "prod", credentials.Metadata!.Id!, Cancellation);
}

public sealed class RevokeCredentialTestsOnSqlite(RoutingOnSqlite shared) : RevokeCredentialTests(shared), IClassFixture<RoutingOnSqlite>;

public sealed class RevokeCredentialTestsOnPostgreSql(RoutingOnPostgreSql shared) : RevokeCredentialTests(shared), IClassFixture<RoutingOnPostgreSql>;
