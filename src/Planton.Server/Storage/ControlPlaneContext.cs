using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Planton.Server.ApiKeys;
using Planton.Server.Audit;
using Planton.Server.CertificateAuthority;
using Planton.Server.Connections;
using Planton.Server.Credentials;
using Planton.Server.DefaultRunners;
using Planton.Server.Encryption;
using Planton.Server.Environments;
using Planton.Server.Organizations;
using Planton.Server.Runners;
using Planton.Server.Secrets;
using Planton.Server.ServiceAccounts;
using Planton.Server.Users;
using Planton.Server.Variables;

namespace Planton.Server.Storage;

/// <summary>
/// What the control plane remembers. What differs between databases is in the derived contexts alone. Taken from an
/// <see cref="IDbContextFactory{TContext}"/>, one for each unit of work.
/// </summary>
internal abstract class ControlPlaneContext(DbContextOptions options) : DbContext(options)
{
    // UUIDs are 36 characters; an API key's public id is shorter.
    private const int MaxIdLength = 36;

    public DbSet<OrganizationEntity> Organizations => Set<OrganizationEntity>();

    public DbSet<MembershipEntity> Memberships => Set<MembershipEntity>();

    public DbSet<UserEntity> Users => Set<UserEntity>();

    public DbSet<ServiceAccountEntity> ServiceAccounts => Set<ServiceAccountEntity>();

    public DbSet<ApiKeyEntity> ApiKeys => Set<ApiKeyEntity>();

    public DbSet<RunnerEntity> Runners => Set<RunnerEntity>();

    public DbSet<RunnerCredentialEntity> RunnerCredentials => Set<RunnerCredentialEntity>();

    public DbSet<RunnerCertificateEntity> RunnerCertificates => Set<RunnerCertificateEntity>();

    public DbSet<ConnectionEntity> Connections => Set<ConnectionEntity>();

    public DbSet<ConnectionMaterialEntity> ConnectionMaterials => Set<ConnectionMaterialEntity>();

    public DbSet<ConnectionEnvironmentEntity> ConnectionEnvironments => Set<ConnectionEnvironmentEntity>();

    public DbSet<DefaultConnectionEntity> DefaultConnections => Set<DefaultConnectionEntity>();

    public DbSet<EnvironmentEntity> Environments => Set<EnvironmentEntity>();

    public DbSet<DataKeyEntity> DataKeys => Set<DataKeyEntity>();

    public DbSet<SecretEntity> Secrets => Set<SecretEntity>();

    public DbSet<SecretVersionEntity> SecretVersions => Set<SecretVersionEntity>();

    public DbSet<VariableEntity> Variables => Set<VariableEntity>();

    public DbSet<VariableVersionEntity> VariableVersions => Set<VariableVersionEntity>();

    public DbSet<DefaultRunnerBindingEntity> DefaultRunnerBindings => Set<DefaultRunnerBindingEntity>();

    public DbSet<AuditRecordEntity> AuditRecords => Set<AuditRecordEntity>();

    public DbSet<AuditHeadEntity> AuditHeads => Set<AuditHeadEntity>();

    public DbSet<CertificateAuthorityEntity> CertificateAuthorities => Set<CertificateAuthorityEntity>();

    public DbSet<HeartbeatEntity> Heartbeats => Set<HeartbeatEntity>();

    /// <summary>Records that the next save writes, in this order: their place in the trail is not known before.</summary>
    public IList<AuditRecordEntity> PendingAuditRecords { get; } = [];

    /// <summary>A new id: UUIDv7, so that ids sort by time of making.</summary>
    public static string NewId() => Guid.CreateVersion7().ToString("D");

    public override int SaveChanges(bool acceptAllChangesOnSuccess) => throw new NotSupportedException("Use SaveChangesAsync");

    /// <summary>Waits until this process may write; null where the database's own lock does for it. To be disposed after the transaction.</summary>
    public virtual ValueTask<IDisposable?> TakeTurnAsync(CancellationToken cancellationToken) => ValueTask.FromResult<IDisposable?>(null);

    /// <exception cref="DatabaseFaultException">The database cannot be written.</exception>
    public override async Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        try
        {
            return await SaveAsync(acceptAllChangesOnSuccess, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not DatabaseFaultException && DatabaseFaults.Of(exception) is { } fault)
        {
            throw new DatabaseFaultException(fault, exception);
        }
    }

    private async Task<int> SaveAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken)
    {
        if (PendingAuditRecords.Count == 0)
            return await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken).ConfigureAwait(false);
        var chain = this.GetService<AuditChain>();
        if (Database.CurrentTransaction is not null)
        {
            await chain.LinkAsync(this, cancellationToken).ConfigureAwait(false);
            return await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken).ConfigureAwait(false);
        }

        using var turn = await TakeTurnAsync(cancellationToken).ConfigureAwait(false);
        var transaction = await Database.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = transaction.ConfigureAwait(false);
        await chain.LinkAsync(this, cancellationToken).ConfigureAwait(false);
        var written = await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken).ConfigureAwait(false);
        await transaction.CommitOrExplainAsync(cancellationToken).ConfigureAwait(false);
        return written;
    }

    protected override void OnConfiguring(DbContextOptionsBuilder optionsBuilder) => optionsBuilder.ConfigureWarnings(warnings => warnings
        // A test asks for it, once for all starts: it takes a fifth of the time of a start.
        .Ignore(RelationalEventId.PendingModelChangesWarning)
        // Whoever asked for it logs what was thrown, once; an outage would be pages of stack traces.
        .Log(
            (CoreEventId.QueryIterationFailed, LogLevel.Debug), (CoreEventId.SaveChangesFailed, LogLevel.Debug),
            (RelationalEventId.CommandError, LogLevel.Debug), (RelationalEventId.ConnectionError, LogLevel.Debug),
            (RelationalEventId.TransactionError, LogLevel.Debug)));

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UnixMillisecondsConverter>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(ControlPlaneContext).Assembly);
        foreach (var property in modelBuilder.Model.GetEntityTypes().SelectMany(type => type.GetProperties()))
        {
            if (property.ClrType == typeof(string) && property.Name.EndsWith("Id", StringComparison.Ordinal) && property.GetMaxLength() is null)
                property.SetMaxLength(MaxIdLength);
        }
    }
}
