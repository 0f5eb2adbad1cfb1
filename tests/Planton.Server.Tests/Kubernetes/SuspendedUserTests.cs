using Planton.Api.Errors;
using Planton.Api.Operations;
using Planton.Server.Authorization;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Kubernetes;

/// <summary>What suspending a user ends that is in flight. How it is seen at another node is in <see cref="Gateway.TwoServersTests"/>.</summary>
public sealed class SuspendedUserTests(TunnelsOnSqlite shared) : KubernetesProxyTest(shared), IClassFixture<TunnelsOnSqlite>
{
    private readonly StreamingTarget _target = new();

    [Theory]
    [InlineData("suspend")]
    [InlineData("revoke-keys")]
    public async Task TheUsersStreamsEnd_AndNoOthers(string verb)
    {
        await ConnectAsync(_target.StreamAsync);
        var kim = UniqueName("kim");
        var key = (await Server.Admin.CreateUserAsync(kim, cancellationToken: Cancelled)).Key;
        await Server.Admin.SetMemberAsync(Org, kim, RoleName.Member, Cancelled);
        using var stream = await _target.OpenAsync(await GetAsync(StreamingTarget.Path, key));
        using var others = await _target.OpenAsync(await GetAsync(StreamingTarget.Path));

        var began = TimeProvider.System.GetTimestamp();
        await (verb == "suspend" ? Server.Admin.SuspendUserAsync(kim, Cancelled) : (Task)Server.Admin.RevokeUserKeysAsync(kim, Cancelled));

        await _target.AssertCutAsync(stream, began);
        await StreamingTarget.AssertGoesOnAsync(others);
    }

    [Fact]
    public async Task InAnOrganizationThatFreezes_EveryStreamEnds_AndNothingIsSent()
    {
        await ConnectAsync(_target.StreamAsync);
        var owner = UniqueName("owner");
        var ownersKey = (await Server.Admin.CreateUserAsync(owner, cancellationToken: Cancelled)).Key;
        await Server.Admin.SetMemberAsync(Org, owner, RoleName.Owner, Cancelled);
        await Server.Client(ownersKey).RemoveMemberAsync(Org, "admin", Cancelled);
        var member = await Server.AddUserAsync(UniqueName("member"), OrgId);
        await Server.Client(ownersKey).CreateServiceAccountAsync(Org, "ci", RoleName.Member, Cancelled);
        var account = (await Server.Client(ownersKey).CreateServiceAccountKeyAsync(Org, "ci", cancellationToken: Cancelled)).Key;
        var streams = new List<Stream>();
        foreach (var key in new[] { ownersKey, member, account })
            streams.Add(await _target.OpenAsync(await GetAsync(StreamingTarget.Path, key)));

        var began = TimeProvider.System.GetTimestamp();
        await Server.Admin.SuspendUserAsync(owner, Cancelled);

        foreach (var stream in streams)
        {
            await _target.AssertCutAsync(stream, began);
            await stream.DisposeAsync();
        }

        foreach (var key in new[] { member, account })
        {
            using var refused = await GetAsync(StreamingTarget.Path, key);
            Assert.Equal(ErrorCode.PermissionDenied, refused.Headers.GetValues(OperationHeaders.Error).Single());
            Assert.Contains("is frozen: every owner of it is suspended", await refused.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        }
    }
}
