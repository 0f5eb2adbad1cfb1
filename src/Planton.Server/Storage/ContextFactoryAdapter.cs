using Microsoft.EntityFrameworkCore;

namespace Planton.Server.Storage;

/// <summary>Lets everything but the hosting code ask for a <see cref="ControlPlaneContext"/> without knowing which database it is.</summary>
internal sealed class ContextFactoryAdapter<TContext>(IDbContextFactory<TContext> factory) : IDbContextFactory<ControlPlaneContext>
    where TContext : ControlPlaneContext
{
    public ControlPlaneContext CreateDbContext() => factory.CreateDbContext();

    public async Task<ControlPlaneContext> CreateDbContextAsync(CancellationToken cancellationToken = default) =>
        await factory.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
}
