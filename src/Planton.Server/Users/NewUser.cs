using Planton.Api.Users;
using Planton.Server.ApiKeys;

namespace Planton.Server.Users;

/// <summary>A user that was just made, and for the answer alone the first key.</summary>
internal sealed record NewUser(User User, NewApiKey Key)
{
    public CreateUserResponse Answer => new(User, Key.Stored, NewApiKey.Mark);
}
