using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Planton.Api.Errors;
using Planton.Server.Errors;

namespace Planton.Server.Hosting;

/// <summary>
/// Endpoints that are generated at build time answer a value of the query that is not of its parameter's type with an empty 400: this
/// finds out which it was.
/// </summary>
internal static class UnreadableParameter
{
    /// <summary>The error to send instead; it names the first parameter whose value cannot be read.</summary>
    public static Error Of(HttpContext context)
    {
        foreach (var parameter in context.GetEndpoint()?.Metadata.GetOrderedMetadata<IParameterBindingMetadata>() ?? [])
        {
            var text = context.Request.Query[parameter.Name].ToString();
            if (text.Length > 0 && ExpectedInsteadOf(text, parameter.ParameterInfo.ParameterType) is { } expected)
                return Invalid($"the value of \"{JsonNamingPolicy.CamelCase.ConvertName(parameter.Name)}\" is not {expected}");
        }

        return Invalid("a value of the query or the path cannot be read");
    }

    // What a value of the type looks like, or null when this is one.
    private static string? ExpectedInsteadOf(string text, Type type) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        var t when t == typeof(bool) => bool.TryParse(text, out _) ? null : "true or false",
        var t when t == typeof(int) => int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out _) ? null : "a whole number below 2^31",
        var t when t == typeof(long) => long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out _) ? null : "a whole number below 2^63",
        var t when t == typeof(DateTimeOffset) => DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowWhiteSpaces, out _) ? null : "a time, such as 2026-01-31T12:00:00Z",
        _ => null,
    };

    private static Error Invalid(string detail) => new(ErrorCode.InvalidArgument, detail);
}
