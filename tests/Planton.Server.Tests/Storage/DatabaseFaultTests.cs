using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Planton.Server.Storage;

namespace Planton.Server.Tests.Storage;

/// <summary>What is taken for an outage, and what for a bug, however it is wrapped.</summary>
public sealed class DatabaseFaultTests
{
    [Theory]
    [InlineData(5, 5, "Busy")]
    [InlineData(5, 517, "Busy")]
    [InlineData(6, 6, "Busy")]
    [InlineData(8, 8, "ReadOnly")]
    [InlineData(8, 1032, "Missing")]
    [InlineData(10, 778, "DiskFailed")]
    [InlineData(11, 11, "Damaged")]
    [InlineData(13, 13, "DataDiskFull")]
    [InlineData(14, 14, "Missing")]
    [InlineData(26, 26, "Damaged")]
    [InlineData(1, 1, null)]
    [InlineData(19, 2067, null)]
    public void SqliteIsJudgedByItsResultCode(int code, int extended, string? fault) =>
        IsTakenFor(fault, new SqliteException("database is locked", code, extended));

    [Theory]
    [InlineData("57P01", "Unreachable")]
    [InlineData("57P02", "Unreachable")]
    [InlineData("57P03", "Unreachable")]
    [InlineData("08006", "Unreachable")]
    [InlineData("28P01", "Unreachable")]
    [InlineData("57014", "Busy")]
    [InlineData("55P03", "Busy")]
    [InlineData("53300", "Busy")]
    [InlineData("40001", "Busy")]
    [InlineData("40P01", "Busy")]
    [InlineData("53100", "DatabaseDiskFull")]
    [InlineData("25006", "ReadOnly")]
    [InlineData("3D000", "Missing")]
    [InlineData("57P04", "Missing")]
    [InlineData("58030", "DiskFailed")]
    [InlineData("XX001", "Damaged")]
    [InlineData("23505", null)]
    [InlineData("42P01", null)]
    [InlineData("22001", null)]
    public void PostgreSqlIsJudgedByItsSqlState(string state, string? fault) =>
        IsTakenFor(fault, new PostgresException("the database system is shutting down", "FATAL", "FATAL", state));

    [Fact]
    public void TheDriverIsJudgedByWhatItFellOver()
    {
        IsTakenFor("Unreachable", new NpgsqlException("x", new IOException("broken")));
        IsTakenFor("Unreachable", new NpgsqlException("x", new System.Net.Sockets.SocketException(111)));
        IsTakenFor("Unreachable", new NpgsqlException("x", new EndOfStreamException()));
        IsTakenFor("Unanswered", new NpgsqlException("x", new TimeoutException()));
    }

    [Fact]
    public void AFullDiskIsOneWhoeverWrites_AndOtherFaultsOfFilesAreNotTheDatabases()
    {
        IsTakenFor("DataDiskFull", new IOException("No space left on device", 28));
        IsTakenFor(null, new IOException("Broken pipe", 32));
        IsTakenFor(null, new TimeoutException("a tunnel's"));
        IsTakenFor(null, new InvalidOperationException("database is locked"));
    }

    [Fact]
    public void EachIsDescribed_WithoutAddressesAndPaths() => Assert.All(Enum.GetValues<DatabaseFault>(), fault =>
    {
        Assert.StartsWith("the d", fault.Describe(), StringComparison.Ordinal);
        Assert.DoesNotContain('/', fault.Describe());
        Assert.Equal(fault, DatabaseFaults.Of(new DatabaseFaultException(fault)));
    });

    private static void IsTakenFor(string? fault, Exception exception)
    {
        Assert.Equal(fault, DatabaseFaults.Of(exception)?.ToString());
        // As Entity Framework wraps what it takes for transient, and what a save throws.
        Assert.Equal(fault, DatabaseFaults.Of(new InvalidOperationException("likely due to a transient failure", exception))?.ToString());
        Assert.Equal(fault, DatabaseFaults.Of(new DbUpdateException("see the inner exception", new InvalidOperationException("x", exception)))?.ToString());
    }
}
