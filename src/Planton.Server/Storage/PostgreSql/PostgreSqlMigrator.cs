using Microsoft.EntityFrameworkCore;
using Npgsql;
using Planton.Server.Hosting;

namespace Planton.Server.Storage.PostgreSql;

internal sealed class PostgreSqlMigrator(IDbContextFactory<PostgreSqlControlPlaneContext> contexts, PostgreSqlUrl url) : IDatabaseMigrator
{
    // Made anew at every start, should somebody have dropped them.
    private const string AuditIsAppendOnly =
        """
        CREATE OR REPLACE FUNCTION audit_records_only_added() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'audit records are only ever added'; END $$;
        CREATE OR REPLACE TRIGGER audit_records_no_change BEFORE UPDATE OR DELETE ON audit_records
            FOR EACH ROW EXECUTE FUNCTION audit_records_only_added();
        CREATE OR REPLACE TRIGGER audit_records_no_truncate BEFORE TRUNCATE ON audit_records
            FOR EACH STATEMENT EXECUTE FUNCTION audit_records_only_added();
        """;

    public async Task<bool> IsEmptyAsync(CancellationToken cancellationToken)
    {
        var empty = false;
        await TryAsync(
            async context => empty = !(await context.Database.GetAppliedMigrationsAsync(cancellationToken).ConfigureAwait(false)).Any(),
            cancellationToken).ConfigureAwait(false);
        return empty;
    }

    public Task MigrateAsync(CancellationToken cancellationToken) => TryAsync(
        async context =>
        {
            await context.Database.MigrateAsync(cancellationToken).ConfigureAwait(false);
            var transaction = await context.Database.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
            await using var _ = transaction.ConfigureAwait(false);
            await context.Database.ExecuteSqlRawAsync(AuditIsAppendOnly, cancellationToken).ConfigureAwait(false);
            await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        },
        cancellationToken);

    private async Task TryAsync(Func<PostgreSqlControlPlaneContext, Task> use, CancellationToken cancellationToken)
    {
        try
        {
            var context = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
            await using var _ = context.ConfigureAwait(false);
            await use(context).ConfigureAwait(false);
        }
        catch (NpgsqlException exception)
        {
            // The driver's messages name the user and the database, never the password.
            throw new StartupException($"--database: {url} cannot be used: {exception.Message}", exception);
        }
    }
}
