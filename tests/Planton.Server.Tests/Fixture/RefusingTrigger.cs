using Microsoft.EntityFrameworkCore;

namespace Planton.Server.Tests.Fixture;

/// <summary>Makes the database itself refuse what a test says, on either of them.</summary>
internal static class RefusingTrigger
{
    /// <param name="server">The server whose database it is.</param>
    /// <param name="name">The trigger's name.</param>
    /// <param name="before">What is refused: <c>INSERT</c>, or <c>UPDATE OF "Column"</c>.</param>
    /// <param name="table">Of which table.</param>
    /// <param name="when">Of which rows, such as <c>NEW."Id" = 'x'</c>; of all of them when null.</param>
    /// <param name="sqlState">What PostgreSQL says it is.</param>
    public static Task AddAsync(ServerFixture server, string name, string before, string table, string? when = null, string sqlState = "P0001") => RunAsync(server, server.IsPostgreSql
        ? $"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''refused'' USING ERRCODE = ''{sqlState}''; END'; "
            + $"CREATE TRIGGER {name} BEFORE {before} ON {table} FOR EACH ROW {When(when)} EXECUTE FUNCTION {name}()"
        : $"CREATE TRIGGER {name} BEFORE {before} ON {table} {When(when)} BEGIN SELECT RAISE(ABORT, 'refused'); END");

    public static Task RemoveAsync(ServerFixture server, string name, string table) =>
        RunAsync(server, server.IsPostgreSql ? $"DROP TRIGGER {name} ON {table}" : $"DROP TRIGGER {name}");

    private static string When(string? condition) => condition is null ? "" : $"WHEN ({condition})";

    private static Task<int> RunAsync(ServerFixture server, string sql) =>
        server.QueryAsync(context => context.Database.ExecuteSqlRawAsync(sql, TestContext.Current.CancellationToken));
}
