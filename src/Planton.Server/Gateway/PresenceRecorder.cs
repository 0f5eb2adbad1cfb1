using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Planton.Server.Hosting;
using Planton.Server.Runners;
using Planton.Server.Storage;
using Planton.Tunnel.Gateway;

namespace Planton.Server.Gateway;

/// <summary>
/// Remembers when each runner was last seen, beside the tunnels' own path: after a restart of the control plane all of them
/// connect at once, and none may wait for the database. One entry a runner, so that it is bounded by the runners there are.
/// </summary>
internal sealed class PresenceRecorder(
    IDbContextFactory<ControlPlaneContext> contexts, TunnelRegistry registry, TimeProvider time, ILogger<PresenceRecorder> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LastWriteTimeout = TimeSpan.FromSeconds(5);
    private readonly BackgroundLoop _loop = new("writing when runners were last seen", Interval, time, logger);
    private readonly ConcurrentDictionary<string, Sighting> _sightings = new(StringComparer.Ordinal);

    // Credentials that a tunnel was opened with, and when.
    private readonly ConcurrentDictionary<string, DateTimeOffset> _uses = new(StringComparer.Ordinal);

    // Certificates, by their SHA-256, that a tunnel was opened with, when, and whether its runner keeps them.
    private readonly ConcurrentDictionary<string, CertificateUse> _certificates = new(StringComparer.Ordinal);

    public void Connected(GatewayTunnel tunnel, string? credentialId)
    {
        var now = time.GetUtcNow();
        _sightings[tunnel.Identity.RunnerId] = new Sighting(now, tunnel.RemoteEndPoint?.ToString(), tunnel.Greeting?.Version);
        if (credentialId is not null)
            _uses[credentialId] = now;
        var sha256 = tunnel.Certificate.GetCertHashString(HashAlgorithmName.SHA256);
        _certificates[sha256] = new CertificateUse(now, tunnel.Greeting?.KeepsCertificates == true);
    }

    public void Disconnected(GatewayTunnel tunnel) => _sightings.AddOrUpdate(
        tunnel.Identity.RunnerId,
        _ => new Sighting(time.GetUtcNow(), null, null),
        (_, before) => before with { At = time.GetUtcNow() });

    /// <summary>Marks the runners that a server which was killed left as connected: since when they are not, it could not write.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var context = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using (context.ConfigureAwait(false))
        {
            await context.Runners
                .Where(runner => runner.ConnectedSince != null)
                .ExecuteUpdateAsync(
                    set => set.SetProperty(runner => runner.ConnectedSince, (DateTimeOffset?)null).SetProperty(runner => runner.DisconnectedAt, now),
                    cancellationToken).ConfigureAwait(false);
        }

        await base.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        // With a limit of its own: the host's time is over when operations had to be cut.
        using var limit = new CancellationTokenSource(LastWriteTimeout, time);
        try
        {
            await _loop.TryAsync(WriteNewsAsync, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            // The next start marks as gone whom this one left as connected.
        }
    }

    // StopAsync writes what is left.
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => _loop.RunAsync(WriteNewsAsync, stoppingToken);

    // Kept for the next round when it fails: what was seen is news, not the truth that operations rest on.
    private async Task WriteNewsAsync(CancellationToken cancellationToken)
    {
        if (_sightings.IsEmpty && _uses.IsEmpty && _certificates.IsEmpty)
            return;
        var taken = _sightings.ToArray();
        var uses = _uses.ToArray();
        var certificates = _certificates.ToArray();
        await WriteAsync(taken, uses, certificates, cancellationToken).ConfigureAwait(false);
        foreach (var sighting in taken)
            _sightings.TryRemove(sighting);
        foreach (var use in uses)
            _uses.TryRemove(use);
        foreach (var certificate in certificates)
            _certificates.TryRemove(certificate);
    }

    private async Task WriteAsync(
        KeyValuePair<string, Sighting>[] sightings, KeyValuePair<string, DateTimeOffset>[] uses,
        KeyValuePair<string, CertificateUse>[] certificates, CancellationToken cancellationToken)
    {
        var transaction = await contexts.BeginAsync(cancellationToken).ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            var context = transaction.Context;
            foreach (var chunk in sightings.Chunk(500))
            {
                var ids = chunk.Select(pair => pair.Key).ToList();
                var runners = await context.Runners.Where(runner => ids.Contains(runner.Id)).ToListAsync(cancellationToken).ConfigureAwait(false);
                foreach (var runner in runners)
                    Apply(runner, chunk.First(pair => pair.Key == runner.Id).Value);
                await context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
                context.ChangeTracker.Clear();
            }

            foreach (var (credentialId, at) in uses)
            {
                await context.RunnerCredentials.Where(credential => credential.Id == credentialId)
                    .ExecuteUpdateAsync(set => set.SetProperty(credential => credential.LastUsedAt, at), cancellationToken).ConfigureAwait(false);
            }

            foreach (var (sha256, use) in certificates)
            {
                await context.RunnerCertificates.Where(certificate => certificate.Sha256 == sha256)
                    .ExecuteUpdateAsync(
                        set => set.SetProperty(certificate => certificate.LastUsedAt, use.At)
                            .SetProperty(certificate => certificate.Kept, certificate => certificate.Kept || use.Kept),
                        cancellationToken).ConfigureAwait(false);
            }

            await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private void Apply(RunnerEntity runner, Sighting sighting)
    {
        runner.LastSeenAt = sighting.At;
        runner.LastAddress = sighting.Address ?? runner.LastAddress;
        runner.LastVersion = sighting.Version ?? runner.LastVersion;
        if (registry.Of(runner.Id).IsEmpty)
        {
            runner.ConnectedSince = null;
            runner.DisconnectedAt = sighting.At;
        }
        else
        {
            runner.ConnectedSince ??= sighting.At;
        }
    }

    private sealed record CertificateUse(DateTimeOffset At, bool Kept);

    private sealed record Sighting(DateTimeOffset At, string? Address, string? Version);
}
