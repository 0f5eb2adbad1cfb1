using Planton.Server.Authorization;
using Planton.Server.Organizations;
using Planton.Server.Runners;
using Planton.Server.ServiceAccounts;
using Planton.Server.Storage;

namespace Planton.Server.Credentials;

/// <summary>A runner's own identity towards the API.</summary>
internal sealed class RunnerServiceAccounts(TimeProvider time)
{
    /// <summary>Adds the service account to <paramref name="context"/> when the runner has none yet.</summary>
    public void Ensure(ControlPlaneContext context, RunnerEntity runner)
    {
        if (runner.ServiceAccountId is not null)
            return;
        var account = new ServiceAccountEntity
        {
            Id = ControlPlaneContext.NewId(),
            OrganizationId = runner.OrganizationId,
            Name = $"runner-{runner.Name}",
            RunnerId = runner.Id,
            CreatedAt = time.GetStorableNow(),
        };
        context.ServiceAccounts.Add(account);
        runner.ServiceAccountId = account.Id;
        // A platform runner's account is a member of no organization: it can say who it is, and see nothing.
        if (runner.OrganizationId is not { } organizationId)
            return;
        context.Memberships.Add(new MembershipEntity
        {
            Id = ControlPlaneContext.NewId(),
            OrganizationId = organizationId,
            ServiceAccountId = account.Id,
            Role = RoleName.Viewer,
        });
    }
}
