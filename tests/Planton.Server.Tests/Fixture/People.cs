using Planton.Server.ApiKeys;
using Planton.Server.Authorization;
using Planton.Server.Organizations;
using Planton.Server.Storage;
using Planton.Server.Users;

namespace Planton.Server.Tests.Fixture;

/// <summary>Users made behind the server's back: with what the API would not give them, and without a record.</summary>
internal static class People
{
    /// <summary>Adds a user with a role in an organization, or in none, and returns the API key.</summary>
    public static async Task<string> AddUserAsync(
        this ServerFixture server, string name, string? organizationId = null, string role = RoleName.Member, DateTimeOffset? expiresAt = null)
    {
        var key = ApiKeyText.Generate();
        await server.QueryAsync(async context =>
        {
            var now = TimeProvider.System.GetStorableNow();
            var user = new UserEntity { Id = ControlPlaneContext.NewId(), Name = name, CreatedAt = now };
            context.Users.Add(user);
            if (organizationId is not null)
            {
                context.Memberships.Add(new MembershipEntity
                {
                    Id = ControlPlaneContext.NewId(), OrganizationId = organizationId, UserId = user.Id, Role = role,
                });
            }

            context.ApiKeys.Add(new ApiKeyEntity
            {
                Id = key.Id,
                UserId = user.Id,
                SecretHash = key.SecretHash,
                Fingerprint = key.Fingerprint,
                CreatedAt = now,
                ExpiresAt = expiresAt,
            });
            return await context.SaveChangesAsync(TestContext.Current.CancellationToken);
        });
        return key.Text;
    }

    public static async Task<string> DefaultOrganizationIdAsync(this ServerFixture server) =>
        (await server.Admin.GetOrganizationAsync("default", TestContext.Current.CancellationToken)).Id;
}
