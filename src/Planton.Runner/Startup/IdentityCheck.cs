using System.Text.Json;
using Planton.Api.Client;
using Planton.Api.Errors;
using Planton.Api.Identity;
using Planton.Runner.Credentials;
using Planton.Runner.Network;

namespace Planton.Runner.Startup;

/// <summary>
/// The second phase of starting: the API key must be that of this very runner's service account. Tries again while the control
/// plane does not answer; a refusal is final.
/// </summary>
internal sealed partial class IdentityCheck(
    ControlPlaneClient controlPlane, LoadedCredentials credentials, TimeProvider time, ILogger<IdentityCheck> logger)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    /// <summary>Null when the runner is who it says. Cancelling <paramref name="deadline"/> ends the trying.</summary>
    public async Task<StartFailure?> RunAsync(CancellationToken deadline)
    {
        var last = "no answer yet";
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                return Judge(await controlPlane.Api.GetCallerAsync(deadline));
            }
            catch (ApiException e) when (e.Problem.Code is ErrorCode.Unauthenticated or ErrorCode.PermissionDenied)
            {
                return StartFailure.Refused(StartStep.Identity, $"the control plane does not accept the API key: {e.Problem.Detail}");
            }
            catch (ApiException e)
            {
                last = e.Problem.Detail;
            }
            catch (JsonException)
            {
                last = $"{credentials.ControlPlane} answered something that is not the API of a control plane";
            }
            catch (OperationCanceledException) when (deadline.IsCancellationRequested)
            {
                return TooLate(last);
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException)
            {
                last = NetworkFaultReader.Read(e, controlPlane.Address, controlPlane.Proxy).ToString();
            }

            LogNotYet(credentials.ControlPlane, last);
            try
            {
                // Jitter: after an outage of the control plane many runners start at once.
                await Task.Delay(pause * (0.5 + (Random.Shared.NextDouble() / 2)), time, deadline);
            }
            catch (OperationCanceledException)
            {
                return TooLate(last);
            }
        }
    }

    private StartFailure? Judge(Caller caller)
    {
        var identity = credentials.Identity;
        if (caller.Runner is not { } runner)
        {
            return StartFailure.Refused(StartStep.Identity,
                $"wrong runner: the API key belongs to the {caller.Kind} '{caller.Name}', which is no runner's service account");
        }

        if (runner.OrganizationId != identity.OrganizationId)
        {
            return StartFailure.Refused(StartStep.Identity,
                $"wrong organization: the API key is of a runner of {Of(runner.Organization, runner.OrganizationId)}, and the certificate is of one of {Of(credentials.Metadata.Organization, identity.OrganizationId)}");
        }

        return runner.Id == identity.RunnerId
            ? null
            : StartFailure.Refused(StartStep.Identity,
                $"wrong runner: the API key is of the runner '{runner.Name}' ({runner.Id}), and the certificate is of {identity.RunnerId}");
    }

    private static string Of(string? name, string? id) => id is null ? "the platform" : $"organization '{name}' ({id})";

    private StartFailure TooLate(string last) =>
        StartFailure.Unreachable(StartStep.Identity, $"the control plane at {credentials.ControlPlane} could not be reached within --start-timeout. Last error: {last}");

    [LoggerMessage(Level = LogLevel.Warning, Message = "The control plane at {Url} did not answer, trying again: {Error}")]
    private partial void LogNotYet(Uri url, string error);
}
