using System.Globalization;
using Planton.Api.Credentials;
using Planton.Api.Errors;
using Planton.Server.CertificateAuthority;
using Planton.Server.Errors;

namespace Planton.Server.Credentials;

/// <summary>How long the certificates of new credentials are asked to live.</summary>
internal static class CredentialLifetime
{
    /// <summary>Why the server would not issue such; null when it would.</summary>
    public static Error? Check(GenerateCredentialsRequest? request, CertificateOptions options)
    {
        if (request?.ValidForSeconds is not { } seconds)
            return null;
        var least = options.ClockSkew + options.LeastUse;
        if (seconds < (long)least.TotalSeconds)
        {
            return new Error(
                ErrorCode.InvalidArgument,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"a certificate that is valid for {seconds} s may have ended when its runner first uses it: clocks may differ by {options.ClockSkew.TotalMinutes:0} minutes"),
                string.Create(CultureInfo.InvariantCulture, $"Ask for at least {least.TotalMinutes:0} minutes: --valid-for {least.TotalMinutes:0}m"));
        }

        return seconds <= (long)options.LongestLifetime.TotalSeconds
            ? null
            : new Error(
                ErrorCode.InvalidArgument,
                string.Create(CultureInfo.InvariantCulture, $"a certificate that is valid for {seconds} s would outlive what this server allows"),
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Ask for at most {options.LongestLifetime.TotalDays:0} days: --valid-for {options.LongestLifetime.TotalDays:0}d. Runners renew their certificates by themselves"));
    }

    public static TimeSpan? Of(GenerateCredentialsRequest? request) =>
        request?.ValidForSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
}
