using Microsoft.EntityFrameworkCore;
using Planton.Server.Tests.Fixture;
using Planton.Server.Tests.Kubernetes;
using Planton.Tunnel.Protocol;

namespace Planton.Server.Tests.Gateway;

public abstract class AdmissionTests(TunnelServer shared) : KubernetesProxyTest(shared)
{
    [Fact]
    public async Task ARevokedCredential_IsToldSo()
    {
        var credentials = (await Server.Admin.GenerateCredentialsAsync(Org, "prod", Cancelled)).Credentials;
        var id = credentials.Metadata!.RunnerId!;
        await Server.QueryAsync(context => context.RunnerCredentials.Where(c => c.RunnerId == id).ExecuteUpdateAsync(
            set => set.SetProperty(c => c.RevokedAt, TimeProvider.System.GetUtcNow()), Cancelled));

        Assert.Equal(RefusalCode.Revoked, (await RefusalAsync(credentials)).Code);
    }

    [Fact]
    public async Task AnEarlierCredential_StaysValid()
    {
        var first = (await Server.Admin.GenerateCredentialsAsync(Org, "prod", Cancelled)).Credentials;
        var second = (await Server.Admin.GenerateCredentialsAsync(Org, "prod", Cancelled)).Credentials;

        await using var one = await ConnectedRunner.StartAsync(first, _ => Task.CompletedTask);
        await using var other = await ConnectedRunner.StartAsync(second, _ => Task.CompletedTask);

        Assert.Null((await one.Link.WaitForStartAsync(Cancelled)).Refusal);
        Assert.Null((await other.Link.WaitForStartAsync(Cancelled)).Refusal);
    }

    [Fact]
    public async Task ACertificateOfOurs_ThatIsNotRegistered_IsToldSo()
    {
        var credentials = (await Server.Admin.GenerateCredentialsAsync(Org, "prod", Cancelled)).Credentials;
        var id = credentials.Metadata!.RunnerId!;
        await Server.QueryAsync(context => context.RunnerCredentials.Where(c => c.RunnerId == id).ExecuteDeleteAsync(Cancelled));

        Assert.Equal(RefusalCode.Unknown, (await RefusalAsync(credentials)).Code);
    }

    [Fact]
    public async Task ARunnerThatMovedToAnotherOrganization_IsNotLetInWithTheOldCertificate()
    {
        var credentials = (await Server.Admin.GenerateCredentialsAsync(Org, "prod", Cancelled)).Credentials;
        var (_, other) = await NewOrganizationAsync("other");
        var id = credentials.Metadata!.RunnerId!;
        await Server.QueryAsync(context => context.Runners.Where(r => r.Id == id).ExecuteUpdateAsync(set => set.SetProperty(r => r.OrganizationId, other), Cancelled));

        var refusal = await RefusalAsync(credentials);

        Assert.Equal(RefusalCode.Unknown, refusal.Code);
        Assert.Contains("not registered in the organization that its certificate names", refusal.Detail, StringComparison.Ordinal);
        Assert.Contains("refused (unknown_runner)", Server.Log.Text, StringComparison.Ordinal);
    }

    private static async Task<LinkRefusal> RefusalAsync(Api.Runners.RunnerCredentials credentials)
    {
        await using var runner = await ConnectedRunner.StartAsync(credentials, _ => Task.CompletedTask);
        return await runner.Link.Refused.WaitAsync(TimeSpan.FromSeconds(20), Cancelled);
    }
}

public sealed class AdmissionTestsOnSqlite(TunnelsOnSqlite shared) : AdmissionTests(shared), IClassFixture<TunnelsOnSqlite>;

public sealed class AdmissionTestsOnPostgreSql(TunnelsOnPostgreSql shared) : AdmissionTests(shared), IClassFixture<TunnelsOnPostgreSql>;
