namespace Planton.Server.Storage;

/// <summary>Brings the database to this version's schema before anything reads it.</summary>
internal interface IDatabaseMigrator
{
    Task MigrateAsync(CancellationToken cancellationToken);
}
