using System.Text.Json;
using Planton.Api;
using Planton.Server.Audit;
using Planton.Server.Hosting;

namespace Planton.Server.Offline;

/// <summary><c>planton-server audit verify</c>: checks the trail without a server.</summary>
internal static class AuditVerifyCommand
{
    public const string Description = "Checks that no audit record was altered, removed, added or moved. The server must be stopped; exits 1 when one was.";

    public static async Task<int> RunAsync(ServerOptions options, TextWriter output, CancellationToken cancellationToken)
    {
        var data = await OfflineData.OpenAsync(options, cancellationToken).ConfigureAwait(false);
        await using var _ = data.ConfigureAwait(false);
        var verification = await data.Get<AuditVerifier>().VerifyAsync(cancellationToken).ConfigureAwait(false);
        await output.WriteLineAsync(JsonSerializer.Serialize(verification, PlantonJson.Indented.AuditVerification)).ConfigureAwait(false);
        return verification.Ok ? ServerExit.Ok : ServerExit.Failed;
    }
}
