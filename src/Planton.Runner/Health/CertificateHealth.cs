using System.Globalization;
using Planton.Tunnel.Runner;

namespace Planton.Runner.Health;

/// <summary>
/// How the renewal of the certificate stands. Apart from readiness: a runner whose renewal fails serves well until its
/// certificate ends, and an orchestrator that restarted it for that would mend nothing.
/// </summary>
internal sealed class CertificateHealth(Func<RenewalStatus?> renewal)
{
    public (int Status, string Text) Describe()
    {
        if (renewal() is not { } status)
            return (503, "starting");
        var times = string.Create(
            CultureInfo.InvariantCulture, $"the certificate ends at {status.ExpiresAt.UtcDateTime:u}; it is renewed at {status.DueAt.UtcDateTime:u}");
        return status.LastError is null
            ? (200, times)
            : (503, string.Create(CultureInfo.InvariantCulture, $"{times}; {status.Failures} attempt(s) failed, the last one because: {status.LastError}"));
    }
}
