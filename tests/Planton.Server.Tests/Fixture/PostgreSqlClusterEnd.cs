namespace Planton.Server.Tests.Fixture;

/// <summary>Ends the PostgreSQL of the tests with the last of them.</summary>
public sealed class PostgreSqlClusterEnd : IDisposable
{
    public void Dispose() => PostgreSqlCluster.End();
}
