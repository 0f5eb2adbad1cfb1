using Planton.Api.Operations;

namespace Planton.Runner.Tests.Fixtures;

/// <summary>What an answer of the runner itself says.</summary>
internal static class Answers
{
    public static string? ErrorCode(this HttpResponseMessage response) =>
        response.Headers.TryGetValues(OperationHeaders.Error, out var values) ? values.Single() : null;

    public static string ErrorDetail(this HttpResponseMessage response) =>
        response.Headers.TryGetValues(OperationHeaders.ErrorDetail, out var values) ? Uri.UnescapeDataString(values.Single()) : "";
}
