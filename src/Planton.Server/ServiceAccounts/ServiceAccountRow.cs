using Planton.Api.ServiceAccounts;
using Planton.Server.Organizations;

namespace Planton.Server.ServiceAccounts;

/// <summary>A service account with what the API shows beside it.</summary>
internal sealed record ServiceAccountRow
{
    public required ServiceAccountEntity Account { get; init; }

    public required MembershipEntity Membership { get; init; }

    public string? Runner { get; init; }

    public int ValidKeys { get; init; }

    public ServiceAccount ToView() => new()
    {
        Id = Account.Id,
        Name = Account.Name,
        Role = Membership.Role,
        CreatedAt = Account.CreatedAt,
        Runner = Runner,
        ValidKeys = ValidKeys,
    };
}
