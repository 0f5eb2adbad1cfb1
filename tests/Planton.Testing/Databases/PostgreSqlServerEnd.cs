namespace Planton.Testing.Databases;

/// <summary>Ends the PostgreSQL of the tests with the last of them: <c>[assembly: AssemblyFixture(typeof(PostgreSqlServerEnd))]</c>.</summary>
public sealed class PostgreSqlServerEnd : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => PostgreSqlServer.End();
}
