using System.Data.Common;
using System.Globalization;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Planton.Server.Storage.Sqlite;

/// <summary>
/// What SQLite forgets between connections. <c>busy_timeout</c> makes a second writer wait inside SQLite, which polls within
/// milliseconds; without it the driver polls every 150 ms.
/// </summary>
/// <param name="timeout">How long a writer waits.</param>
internal sealed class SqlitePragmas(TimeSpan timeout) : DbConnectionInterceptor
{
    private readonly string _commands = string.Create(
        CultureInfo.InvariantCulture, $"PRAGMA busy_timeout = {(int)timeout.TotalMilliseconds}; PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL;");

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        using var command = connection.CreateCommand();
        command.CommandText = _commands;
        command.ExecuteNonQuery();
    }

    public override async Task ConnectionOpenedAsync(
        DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        var command = connection.CreateCommand();
        await using (command.ConfigureAwait(false))
        {
            command.CommandText = _commands;
            await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
