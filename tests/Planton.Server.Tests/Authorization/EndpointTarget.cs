namespace Planton.Server.Tests.Authorization;

/// <summary>What the path of a call names.</summary>
/// <param name="Name">For <c>{name}</c>, <c>{user}</c> and <c>{connection}</c>; in a body, what is to be made.</param>
/// <param name="Id">For <c>{id}</c>: a key or a credential.</param>
internal sealed record EndpointTarget(string Name, string Id)
{
    /// <summary>An id that nothing has.</summary>
    public const string UnknownId = "no-such-id";
}
