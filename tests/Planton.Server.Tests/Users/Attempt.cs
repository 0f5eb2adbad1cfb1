using Planton.Api.Client;

namespace Planton.Server.Tests.Users;

/// <summary>One of several calls of which some must fail.</summary>
internal static class Attempt
{
    /// <summary>The error code that a call ends with; null when it succeeds.</summary>
    public static async Task<string?> CodeOfAsync(Func<Task> call)
    {
        try
        {
            await call();
            return null;
        }
        catch (ApiException exception)
        {
            return exception.Problem.Code;
        }
    }
}
