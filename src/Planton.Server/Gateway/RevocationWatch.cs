using Microsoft.EntityFrameworkCore;
using Planton.Server.Storage;
using Planton.Tunnel.Gateway;
using Planton.Tunnel.Links;
using Planton.Tunnel.Protocol;

namespace Planton.Server.Gateway;

/// <summary>
/// Aborts the tunnels whose credentials were revoked, or whose runner was deleted, by another node: this one only sees it in the
/// database. While the database is unreachable tunnels stay: without it nothing is sent through them.
/// </summary>
internal sealed partial class RevocationWatch(
    IDbContextFactory<ControlPlaneContext> contexts, TunnelRegistry registry, TunnelAdmissions admissions, TimeProvider time,
    ILogger<RevocationWatch> logger) : BackgroundService
{
    /// <summary>How long a revocation by another node stays unseen.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan QueryTimeout = TimeSpan.FromSeconds(5);

    // Not awaited before the next look: a runner that does not respond to its refusal must not delay those of others.
    private readonly Dictionary<GatewayTunnel, Task> _refusals = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await Task.Delay(Interval, time, stoppingToken).ConfigureAwait(false);
                await TryLookAsync(stoppingToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await Task.WhenAll(_refusals.Values).ConfigureAwait(false);
        }
    }

    private async Task TryLookAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(QueryTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await LookAsync(either.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogNotRead(exception);
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        foreach (var ended in _refusals.Where(refusal => refusal.Value.IsCompleted).Select(refusal => refusal.Key).ToList())
            _refusals.Remove(ended);
        var tunnels = registry.All.Where(tunnel => tunnel.State != LinkState.Closed && !_refusals.ContainsKey(tunnel))
            .ToLookup(tunnel => admissions.CredentialOf(tunnel) ?? "", StringComparer.Ordinal);
        if (tunnels.Count == 0)
            return;
        foreach (var (credentialId, refusal) in await RevokedAsync([.. tunnels.Select(group => group.Key)], cancellationToken).ConfigureAwait(false))
        {
            foreach (var tunnel in tunnels[credentialId])
            {
                LogRevoked(tunnel.Id, tunnel.Identity, refusal.Code);
                _refusals[tunnel] = tunnel.RefuseAsync(refusal, CancellationToken.None);
            }
        }
    }

    // The ids go as one array, and a number comes back: with 10,000 tunnels that is still one cheap query.
    private async Task<List<(string CredentialId, LinkRefusal Refusal)>> RevokedAsync(List<string> ids, CancellationToken cancellationToken)
    {
        var context = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = context.ConfigureAwait(false);
        var credentials = context.RunnerCredentials.Where(credential => EF.Parameter(ids).Contains(credential.Id));
        if (await credentials.CountAsync(credential => credential.RevokedAt == null, cancellationToken).ConfigureAwait(false) == ids.Count)
            return [];
        var revoked = await credentials.Select(credential => new { credential.Id, credential.RevokedAt })
            .ToDictionaryAsync(credential => credential.Id, credential => credential.RevokedAt, StringComparer.Ordinal, cancellationToken).ConfigureAwait(false);
        return
        [
            .. ids.Where(id => !revoked.TryGetValue(id, out var at) || at is not null)
                .Select(id => (id, revoked.GetValueOrDefault(id) is { } at ? RunnerRefusals.Revoked(at) : RunnerRefusals.NotRegistered)),
        ];
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Tunnel {TunnelId} of {Identity} is aborted: its credentials are {Code} by now")]
    private partial void LogRevoked(string tunnelId, Tunnel.Identity.RunnerIdentity identity, string code);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Failed to read which runner credentials are revoked; retrying")]
    private partial void LogNotRead(Exception exception);
}
