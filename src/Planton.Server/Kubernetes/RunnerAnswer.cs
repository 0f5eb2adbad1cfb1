using Planton.Api.Errors;
using Planton.Api.Operations;
using Planton.Server.Errors;

namespace Planton.Server.Kubernetes;

/// <summary>An answer that is the runner's own and not the target's.</summary>
internal sealed record RunnerAnswer(string Code, string Detail)
{
    private const int MaxDetail = 2_000;

    // A runner may say these and no other: it does not speak for the control plane.
    private static readonly string[] Codes = [ErrorCode.TargetUnreachable, ErrorCode.RefusedByRunner, ErrorCode.Unavailable, ErrorCode.InvalidArgument];

    /// <summary>Null when the answer is the target's.</summary>
    public static RunnerAnswer? Read(HttpResponseMessage response)
    {
        if (!response.Headers.NonValidated.TryGetValues(OperationHeaders.Error, out var codes))
            return null;
        var code = Codes.FirstOrDefault(known => known == codes.ToString()) ?? ErrorCode.RefusedByRunner;
        var detail = response.Headers.NonValidated.TryGetValues(OperationHeaders.ErrorDetail, out var details) ? Decode(details.ToString()) : "";
        return new RunnerAnswer(code, detail.Length > 0 ? detail : $"the runner answered {(int)response.StatusCode}");
    }

    public Error ToError(string runner) => Code switch
    {
        ErrorCode.TargetUnreachable => new Error(Code, $"runner \"{runner}\" could not reach the target: {Detail}", "planton connection test NAME shows how far a request gets."),
        ErrorCode.Unavailable => new Error(Code, $"runner \"{runner}\" does not take operations yet: {Detail}", "Try again in a moment."),
        _ => new Error(Code, $"runner \"{runner}\" refused: {Detail}"),
    };

    // Written by the other end of a trust boundary: bounded, and without the control characters that could forge a line.
    private static string Decode(string text) =>
        new([.. Uri.UnescapeDataString(text.Length > 3 * MaxDetail ? text[..(3 * MaxDetail)] : text).Take(MaxDetail).Select(c => char.IsControl(c) ? ' ' : c)]);
}
