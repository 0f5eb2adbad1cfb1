using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Features;
using Planton.Api.Errors;
using Planton.Server.Errors;

namespace Planton.Server.Hosting;

/// <summary>Reads the JSON of a request to the API.</summary>
internal static class RequestBody
{
    public const int MaxBytes = 1024 * 1024;

    /// <summary>What was sent, or what is wrong with it. Unknown fields are ignored.</summary>
    public static async Task<Result<T>> ReadAsync<T>(HttpContext context, JsonTypeInfo<T> type, int maxBytes = MaxBytes)
        where T : class
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = maxBytes;
        try
        {
            var body = await JsonSerializer.DeserializeAsync(context.Request.Body, type, context.RequestAborted).ConfigureAwait(false);
            return body is null ? Invalid("the body is null") : body;
        }
        catch (JsonException exception)
        {
            return Invalid($"the body is not the JSON that is expected here: {Place(exception)}");
        }
        catch (BadHttpRequestException exception) when (exception.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return Invalid($"the body is larger than {maxBytes / 1024} KiB");
        }
    }

    private static Error Invalid(string detail) => new(ErrorCode.InvalidArgument, detail);

    // The exception's own text may quote what was sent.
    private static string Place(JsonException exception) =>
        $"line {exception.LineNumber + 1 ?? 1}, byte {exception.BytePositionInLine + 1 ?? 1}" + (exception.Path is { Length: > 1 } path ? $", at {path}" : "");
}
