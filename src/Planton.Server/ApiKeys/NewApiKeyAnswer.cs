using Planton.Api;
using Planton.Api.ApiKeys;
using Planton.Server.Encryption;
using Planton.Server.Errors;

namespace Planton.Server.ApiKeys;

internal static class NewApiKeyAnswer
{
    /// <summary>The one answer that carries the key.</summary>
    public static IResult ToAnswer(this Result<NewApiKey> result) => result.Succeeded
        ? new SecretAnswer<CreateApiKeyResponse>(
            new(result.Value.Stored, NewApiKey.Mark), PlantonJson.Default.CreateApiKeyResponse, result.Value.Secrets, StatusCodes.Status201Created)
        : new ErrorResult(result.Error);
}
