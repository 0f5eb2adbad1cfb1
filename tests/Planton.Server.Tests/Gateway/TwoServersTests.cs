using Planton.Server.Tests.Fixture;
using Planton.Server.Tests.Kubernetes;

namespace Planton.Server.Tests.Gateway;

/// <summary>Two servers on one database: the runner's tunnel and the stream are at the first, and the command goes to the second.</summary>
public sealed class TwoServersTests(TunnelsOnPostgreSql shared) : KubernetesProxyTest(shared), IClassFixture<TunnelsOnPostgreSql>
{
    private readonly StreamingTarget _target = new();

    [Theory]
    [InlineData("credential revoked")]
    [InlineData("credentials regenerated")]
    [InlineData("runner deleted")]
    [InlineData("connection deleted")]
    [InlineData("authorization removed")]
    [InlineData("environment deleted")]
    [InlineData("user suspended")]
    [InlineData("user's keys revoked")]
    [InlineData("organization frozen")]
    public async Task WhatTheOtherServerEnds_IsAbortedHereWithinASecond(string command)
    {
        var runner = await ConnectAsync(_target.StreamAsync);
        await Server.Admin.CreateEnvironmentAsync(Org, "staging", Cancelled);
        await Server.Admin.CreateEnvironmentAsync(Org, "qa", Cancelled);
        var (kim, owner) = (UniqueName("kim"), UniqueName("owner"));
        var key = (await Server.Admin.CreateUserAsync(kim, cancellationToken: Cancelled)).Key;
        await Server.Admin.SetMemberAsync(Org, kim, "member", Cancelled);
        if (command == "organization frozen")
        {
            var theirs = Server.Client((await Server.Admin.CreateUserAsync(owner, cancellationToken: Cancelled)).Key);
            await Server.Admin.SetMemberAsync(Org, owner, "owner", Cancelled);
            await theirs.RemoveMemberAsync(Org, "admin", Cancelled);
        }

        using var folder = new TemporaryFolder();
        await using var other = await StartOtherAsync(folder);
        var admin = other.Client(Server.AdminKey);
        using var stream = await _target.OpenAsync(await GetAsync(StreamingTarget.Path, key, connection: "cluster@staging"));

        var began = TimeProvider.System.GetTimestamp();
        await (command switch
        {
            "credential revoked" => admin.RevokeCredentialAsync(Org, "prod", runner.Credentials.Metadata!.Id!, Cancelled),
            "credentials regenerated" => admin.RegenerateCredentialsAsync(Org, "prod", Cancelled),
            "runner deleted" => admin.DeleteRunnerAsync(Org, "prod", Cancelled),
            "connection deleted" => admin.DeleteConnectionAsync(Org, "cluster", Cancelled),
            "authorization removed" => admin.SetConnectionEnvironmentsAsync(Org, "cluster", ["qa"], Cancelled),
            "environment deleted" => admin.DeleteEnvironmentAsync(Org, "staging", Cancelled),
            "user suspended" => admin.SuspendUserAsync(kim, Cancelled),
            "user's keys revoked" => admin.RevokeUserKeysAsync(kim, Cancelled),
            _ => (Task)admin.SuspendUserAsync(owner, Cancelled),
        });

        await _target.AssertCutAsync(stream, began);
    }

    // With the same master key, and a folder of its own.
    private Task<ServerFixture> StartOtherAsync(TemporaryFolder folder)
    {
        var first = ServerFixture.OptionsIn(Server.Folder, DatabaseKind.PostgreSql);
        return ServerFixture.StartInAsync(
            folder, options => options with { Database = first.Database, MasterKeyFile = Path.Combine(Server.Folder.Data, "master-key") }, TunnelServer.UseTunnels);
    }
}
