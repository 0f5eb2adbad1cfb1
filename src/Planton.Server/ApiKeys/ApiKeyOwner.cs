using System.Linq.Expressions;

namespace Planton.Server.ApiKeys;

/// <summary>Whose keys are meant: exactly one of the two ids is set.</summary>
internal sealed record ApiKeyOwner(string? UserId, string? ServiceAccountId)
{
    public static ApiKeyOwner User(string id) => new(id, null);

    public static ApiKeyOwner ServiceAccount(string id) => new(null, id);

    /// <summary>For queries.</summary>
    public Expression<Func<ApiKeyEntity, bool>> Owns => key => key.UserId == UserId && key.ServiceAccountId == ServiceAccountId;
}
