using System.Text;
using Microsoft.EntityFrameworkCore;
using Planton.Server.ApiKeys;
using Planton.Server.Audit;
using Planton.Server.Authorization;
using Planton.Server.Hosting;
using Planton.Server.Organizations;
using Planton.Server.Storage;

namespace Planton.Server.Users;

/// <summary>Makes the first user at the first start, and leaves that user's API key in a file.</summary>
internal sealed partial class FirstUser(
    IDbContextFactory<ControlPlaneContext> contexts, DataDirectory data, IAuditLog audit, TimeProvider time, ILogger<FirstUser> logger)
{
    public const string KeyFileName = "initial-admin-key";
    public const string UserName = "admin";
    public const string OrganizationName = "default";

    /// <exception cref="StartupException">There was a control plane before: whoever emptied its users is given no key.</exception>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        var transaction = await contexts.BeginAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = transaction.ConfigureAwait(false);
        var context = transaction.Context;
        if (await context.Users.AnyAsync(cancellationToken).ConfigureAwait(false))
            return;
        if (!data.IsFirstStart)
            throw data.NotNew("no user");
        var key = ApiKeyText.Generate();
        Add(context, key);
        await context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        // The file before the commit: a crash between the two leaves a key that is good for nothing and no user, so that the
        // next start does all of this again. The other way round it would leave a user whose key nobody has.
        var file = data.PathOf(KeyFileName);
        await AtomicFile.WriteAsync(file, Encoding.ASCII.GetBytes(key.Text + "\n"), cancellationToken).ConfigureAwait(false);
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        LogMade(UserName, OrganizationName, file);
    }

    private void Add(ControlPlaneContext context, IssuedApiKey key)
    {
        var now = time.GetStorableNow();
        var user = new UserEntity { Id = ControlPlaneContext.NewId(), Name = UserName, PlatformOperator = true, CreatedAt = now };
        var organization = new OrganizationEntity { Id = ControlPlaneContext.NewId(), Name = OrganizationName, CreatedAt = now };
        context.Users.Add(user);
        context.Organizations.Add(organization);
        context.Memberships.Add(new MembershipEntity
        {
            Id = ControlPlaneContext.NewId(),
            OrganizationId = organization.Id,
            UserId = user.Id,
            Role = RoleName.Owner,
        });
        context.ApiKeys.Add(new ApiKeyEntity
        {
            Id = key.Id,
            UserId = user.Id,
            SecretHash = key.SecretHash,
            Fingerprint = key.Fingerprint,
            CreatedAt = now,
        });
        audit.Append(context, new AuditEntry
        {
            OperationId = ControlPlaneContext.NewId(),
            OrganizationId = organization.Id,
            Actor = AuditActor.System,
            Action = AuditAction.Bootstrap,
            Resource = $"user/{UserName}",
            Outcome = AuditOutcome.Allowed,
            Detail = $"API key {key.Id} ({key.Fingerprint})",
        });
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Made user {User}, owner of organization {Organization}; the API key is in {File}")]
    private partial void LogMade(string user, string organization, string file);
}
