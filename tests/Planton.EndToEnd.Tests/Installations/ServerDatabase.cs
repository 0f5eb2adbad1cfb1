using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Planton.EndToEnd.Tests.Installations;

/// <summary>What a server has stored, read behind its back.</summary>
internal static class ServerDatabase
{
    /// <summary>The one number that a query returns. Names are quoted as both databases accept them.</summary>
    public static async Task<long> CountAsync(this ServerProgram server, string query)
    {
        await using var database = Open(server);
        await database.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = database.CreateCommand();
        command.CommandText = query;
        return (long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    private static DbConnection Open(ServerProgram server)
    {
        if (server.DatabaseUrl is null)
            return new SqliteConnection($"Data Source={Path.Combine(server.Data, "planton.db")};Mode=ReadOnly;Pooling=False");
        var url = new Uri(server.DatabaseUrl);
        var user = url.UserInfo.Split(':');
        return new NpgsqlConnection(new NpgsqlConnectionStringBuilder
        {
            Host = url.Host, Port = url.Port, Database = url.AbsolutePath[1..], Username = user[0], Password = Uri.UnescapeDataString(user[1]), Pooling = false,
        }.ConnectionString);
    }
}
