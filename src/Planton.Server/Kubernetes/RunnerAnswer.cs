using System.Globalization;
using Planton.Api.Errors;
using Planton.Api.Operations;
using Planton.Server.Errors;
using Planton.Server.Routing;

namespace Planton.Server.Kubernetes;

/// <summary>An answer that is the runner's own and not the target's.</summary>
/// <param name="Code">One of <see cref="Codes"/>.</param>
/// <param name="Detail">What the runner says, bounded and cleaned.</param>
/// <param name="AtTarget">Whether the runner had begun to talk to the target.</param>
internal sealed record RunnerAnswer(string Code, string Detail, bool AtTarget)
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
        return new RunnerAnswer(
            code, detail.Length > 0 ? detail : $"the runner answered {(int)response.StatusCode}", IsAtTarget(response, code));
    }

    /// <summary>How long the runner says it took before it sent the request on: no less than nothing, and no more than all of it.</summary>
    public static double Milliseconds(HttpResponseMessage response, double all) =>
        response.Headers.NonValidated.TryGetValues(OperationHeaders.RunnerMilliseconds, out var values)
        && double.TryParse(values.ToString(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var said)
            ? Math.Clamp(said, 0, all)
            : 0;

    /// <summary>What the runner tells the gateway is not the client's business.</summary>
    public static void RemoveOurs(HttpResponseMessage response)
    {
        foreach (var name in response.Headers.NonValidated.Select(header => header.Key)
            .Where(name => name.StartsWith(OperationHeaders.Prefix, StringComparison.OrdinalIgnoreCase)).ToList())
            response.Headers.Remove(name);
    }

    public Error ToError(Operation operation) => Code switch
    {
        // What it says of the way to a cluster names its kubeconfig's contexts and addresses.
        ErrorCode.TargetUnreachable when operation.Route.IsOfPlatform && operation.Credentials is null => new Error(
            Code, $"runner \"{operation.Route.Runner.Name}\" of the platform could not reach the target",
            "A platform operator finds the reason in the runner's log, under the id of the operation."),
        _ => ToError(operation.Route.Runner.Name),
    };

    private Error ToError(string runner) => Code switch
    {
        ErrorCode.TargetUnreachable => new Error(Code, $"runner \"{runner}\" could not reach the target: {Detail}", "planton connection test NAME shows how far a request gets."),
        ErrorCode.Unavailable => new Error(Code, $"runner \"{runner}\" does not take operations yet: {Detail}", "Try again in a moment."),
        _ => new Error(Code, $"runner \"{runner}\" refused: {Detail}"),
    };

    private static bool IsAtTarget(HttpResponseMessage response, string code) =>
        code == ErrorCode.TargetUnreachable
        && response.Headers.NonValidated.TryGetValues(OperationHeaders.ErrorStage, out var stage)
        && stage.ToString() == OperationHeaders.TargetStage;

    // Written by the other end of a trust boundary: bounded, and without the control characters that could forge a line.
    private static string Decode(string text) =>
        new([.. Uri.UnescapeDataString(text.Length > 3 * MaxDetail ? text[..(3 * MaxDetail)] : text).Take(MaxDetail).Select(c => char.IsControl(c) ? ' ' : c)]);
}
