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

    /// <summary>Records that the next save writes, in this order: their place in the trail is not known before.</summary>
    public IList<AuditRecordEntity> PendingAuditRecords { get; } = [];

    /// <summary>Where the audit trail ends when the transaction in progress is committed; null when it adds no record.</summary>
    public AuditPlace? PendingAuditEnd { get; set; }

    /// <summary>A new id: UUIDv7, so that ids sort by time of making.</summary>
    public static string NewId() => Guid.CreateVersion7().ToString("D");

    /// <summary>To be called after each commit: the server then knows where the trail ends.</summary>
    public void NoteCommit()
    {
        if (PendingAuditEnd is { } end)
            this.GetService<AuditMark>().Note(end);
        PendingAuditEnd = null;
    }

    public override int SaveChanges(bool acceptAllChangesOnSuccess) => throw new NotSupportedException("Use SaveChangesAsync");

    public override async Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        if (PendingAuditRecords.Count == 0)
            return await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken).ConfigureAwait(false);
        var chain = this.GetService<AuditChain>();
        if (Database.CurrentTransaction is not null)
        {
            await chain.LinkAsync(this, cancellationToken).ConfigureAwait(false);
            return await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken).ConfigureAwait(false);
        }

        var transaction = await Database.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = transaction.ConfigureAwait(false);
        await chain.LinkAsync(this, cancellationToken).ConfigureAwait(false);
        var written = await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken).ConfigureAwait(false);
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        NoteCommit();
        return written;
    }

    // A test asks for it, once for all starts: it takes a fifth of the time of a start.
    protected override void OnConfiguring(DbContextOptionsBuilder optionsBuilder) =>
        optionsBuilder.ConfigureWarnings(warnings => warnings.Ignore(RelationalEventId.PendingModelChangesWarning));

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
