using Microsoft.EntityFrameworkCore;
using Planton.Server.Tests.Fixture;
using Planton.Server.Tests.Kubernetes;
using Planton.Tunnel.Protocol;

namespace Planton.Server.Tests.Gateway;

public sealed class AdmissionTests : KubernetesProxyTest
{
    [Fact]
    public async Task ARevokedCredential_IsToldSo()
    {
        var credentials = (await Server.Admin.GenerateCredentialsAsync("default", "prod", Cancelled)).Credentials;
        await Server.QueryAsync(context => context.RunnerCredentials.ExecuteUpdateAsync(
            set => set.SetProperty(c => c.RevokedAt, TimeProvider.System.GetUtcNow()), Cancelled));

        Assert.Equal(RefusalCode.Revoked, (await RefusalAsync(credentials)).Code);
    }

    [Fact]
    public async Task AnEarlierCredential_StaysValid()
    {
        var first = (await Server.Admin.GenerateCredentialsAsync("default", "prod", Cancelled)).Credentials;
        var second = (await Server.Admin.GenerateCredentialsAsync("default", "prod", Cancelled)).Credentials;

        await using var one = await ConnectedRunner.StartAsync(first, _ => Task.CompletedTask);
        await using var other = await ConnectedRunner.StartAsync(second, _ => Task.CompletedTask);

        Assert.Null((await one.Link.WaitForStartAsync(Cancelled)).Refusal);
        Assert.Null((await other.Link.WaitForStartAsync(Cancelled)).Refusal);
    }

    [Fact]
    public async Task ACertificateOfOurs_ThatIsNotRegistered_IsToldSo()
    {
        var credentials = (await Server.Admin.GenerateCredentialsAsync("default", "prod", Cancelled)).Credentials;
        await Server.QueryAsync(context => context.RunnerCredentials.ExecuteDeleteAsync(Cancelled));

        Assert.Equal(RefusalCode.Unknown, (await RefusalAsync(credentials)).Code);
    }

    [Fact]
    public async Task ARunnerThatMovedToAnotherOrganization_IsNotLetInWithTheOldCertificate()
    {
        var credentials = (await Server.Admin.GenerateCredentialsAsync("default", "prod", Cancelled)).Credentials;
        var other = await Server.Admin.CreateOrganizationAsync("other", Cancelled);
        await Server.QueryAsync(context => context.Runners.ExecuteUpdateAsync(set => set.SetProperty(r => r.OrganizationId, other.Id), Cancelled));

        var refusal = await RefusalAsync(credentials);

        Assert.Equal(RefusalCode.Unknown, refusal.Code);
        Assert.Contains("not registered in the organization that its certificate names", refusal.Detail, StringComparison.Ordinal);
        Assert.Contains("refused (unknown_runner)", Server.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AServerThatWasKilled_DoesNotLeaveItsRunnersConnected()
    {
        await using var runner = await ConnectedRunner.StartAsync(Server, "prod", _ => Task.CompletedTask);
        await Expect.EventuallyAsync("the connect is written", async () =>
            await Server.QueryAsync(context => context.Runners.AnyAsync(r => r.ConnectedSince != null, Cancelled)));
        var recorder = Server.Get<Planton.Server.Gateway.PresenceRecorder>();

        // What a start does first, with the database as a kill leaves it.
        await recorder.StartAsync(Cancelled);

        Assert.True(await Server.QueryAsync(context => context.Runners.AllAsync(r => r.ConnectedSince == null && r.DisconnectedAt != null, Cancelled)));
    }

    private static async Task<LinkRefusal> RefusalAsync(Api.Runners.RunnerCredentials credentials)
    {
        await using var runner = await ConnectedRunner.StartAsync(credentials, _ => Task.CompletedTask);
        return await runner.Link.Refused.WaitAsync(TimeSpan.FromSeconds(20), Cancelled);
    }
}
