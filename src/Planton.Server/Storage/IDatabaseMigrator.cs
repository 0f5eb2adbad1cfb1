namespace Planton.Server.Storage;

/// <summary>Brings the database to this version's schema before anything reads it.</summary>
internal interface IDatabaseMigrator
{
    /// <summary>Whether there is no database, or one without a schema. Makes nothing.</summary>
    Task<bool> IsEmptyAsync(CancellationToken cancellationToken);

    Task MigrateAsync(CancellationToken cancellationToken);
}
