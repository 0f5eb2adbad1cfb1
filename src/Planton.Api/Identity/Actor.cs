namespace Planton.Api.Identity;

/// <summary>Who did something.</summary>
/// <param name="Kind"><c>user</c> or <c>service-account</c>.</param>
/// <param name="Name">Its name; its id when it is gone.</param>
public sealed record Actor(string Kind, string Name);
