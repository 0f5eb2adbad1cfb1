using Npgsql;
using Planton.Server.Hosting;
using Planton.Server.Storage.PostgreSql;

namespace Planton.Server.Tests.Storage.PostgreSql;

public sealed class PostgreSqlUrlTests
{
    [Theory]
    [InlineData("postgres://kim@db.example.com/planton", "db.example.com", 5432, "kim", null, "planton")]
    [InlineData("postgresql://kim:s%40c%2Fr%3At@db:6543/pl%20an", "db", 6543, "kim", "s@c/r:t", "pl an")]
    [InlineData("postgres://kim:a:b@[::1]:1/x", "::1", 1, "kim", "a:b", "x")]
    [InlineData("postgres:///planton", "localhost", 5432, null, null, "planton")]
    [InlineData("postgres://kim@ignored/planton?host=%2Fvar%2Frun%2Fpostgresql", "/var/run/postgresql", 5432, "kim", null, "planton")]
    public void ItsPartsAreTaken(string text, string host, int port, string? user, string? password, string database)
    {
        var settings = new NpgsqlConnectionStringBuilder(PostgreSqlUrl.Parse(text).Url!.ConnectionString);
        Assert.Equal((host, port, database), (settings.Host, settings.Port, settings.Database));
        Assert.Equal((user, password), (settings.Username, settings.Password));
    }

    [Theory]
    [InlineData("postgres://kim@db.example.com/planton", SslMode.VerifyFull)]
    [InlineData("postgres://kim@192.0.2.7/planton", SslMode.VerifyFull)]
    [InlineData("postgres://kim@[2001:db8::7]/planton", SslMode.VerifyFull)]
    [InlineData("postgres://kim@0.0.0.0/planton", SslMode.VerifyFull)]
    [InlineData("postgres://kim@localhost.example.com/planton", SslMode.VerifyFull)]
    [InlineData("postgres://kim@localhost/planton?host=db.example.com", SslMode.VerifyFull)]
    [InlineData("postgres://kim@localhost/planton?host=127.0.0.1,db.example.com", SslMode.VerifyFull)]
    [InlineData("postgres://kim@db.example.com/planton?sslrootcert=system", SslMode.VerifyFull)]
    [InlineData("postgres://kim@localhost/planton", SslMode.Prefer)]
    [InlineData("postgres://kim@127.8.8.8/planton", SslMode.Prefer)]
    [InlineData("postgres://kim@[::1]/planton", SslMode.Prefer)]
    [InlineData("postgres:///planton", SslMode.Prefer)]
    [InlineData("postgres://kim@ignored/planton?host=%2Fvar%2Frun%2Fpostgresql", SslMode.Prefer)]
    [InlineData("postgres://kim@db.example.com/planton?sslmode=disable", SslMode.Disable)]
    [InlineData("postgres://kim@db.example.com/planton?sslmode=require", SslMode.Require)]
    public void AnotherMachineIsReachedOverVerifiedTls_UnlessTheUrlSaysOtherwise(string text, SslMode mode) =>
        Assert.Equal(mode, new NpgsqlConnectionStringBuilder(PostgreSqlUrl.Parse(text).Url!.ConnectionString).SslMode);

    [Fact]
    public void AnAuthorityThatIsNamedIsAskedFor_AlsoOnThisMachine()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("ca.pem", "");
        var settings = new NpgsqlConnectionStringBuilder(PostgreSqlUrl.Parse($"postgres://localhost/d?sslrootcert={file}").Url!.ConnectionString);
        Assert.Equal((SslMode.VerifyFull, file), (settings.SslMode, settings.RootCertificate));
        Assert.Contains("does not exist", PostgreSqlUrl.Parse($"postgres://localhost/d?sslrootcert={file}.not").Fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("disable", SslMode.Disable)]
    [InlineData("require", SslMode.Require)]
    [InlineData("verify-full", SslMode.VerifyFull)]
    public void TheTlsModeIsTaken(string text, SslMode mode) =>
        Assert.Equal(mode, new NpgsqlConnectionStringBuilder(PostgreSqlUrl.Parse($"postgres://h/d?sslmode={text}").Url!.ConnectionString).SslMode);

    [Theory]
    [InlineData("")]
    [InlineData("planton")]
    [InlineData("mysql://kim:hunter2@db/planton")]
    [InlineData("postgres://kim:hunter2@db")]
    [InlineData("postgres://kim:hunter2@db/a/b")]
    [InlineData("postgres://kim:hunter2@db:99999/planton")]
    [InlineData("postgres://kim:hunter2@db/planton?sslmode=hunter2")]
    [InlineData("postgres://kim:hunter2@db/planton?pool_size=1")]
    [InlineData("postgres://kim:hunter2@db/planton?password=hunter2")]
    [InlineData("Host=db;Password=hunter2")]
    public void WhatIsWrongIsSaidWithoutThePassword(string text)
    {
        var (url, fault) = PostgreSqlUrl.Parse(text);
        Assert.Null(url);
        Assert.NotEmpty(fault!);
        Assert.DoesNotContain("hunter2", fault, StringComparison.Ordinal);
        var (_, faults) = ServerOptionsReader.Read(new ServerSettings { Database = text });
        Assert.Contains("--database (PLANTON_SERVER_DATABASE)", Assert.Single(faults), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", faults[0], StringComparison.Ordinal);
    }

    [Fact]
    public void PrintedItHasNoPassword()
    {
        var (options, faults) = ServerOptionsReader.Read(new ServerSettings { Database = "postgres://kim:hunter2@db/planton" });
        Assert.Empty(faults);
        Assert.Equal("postgres://kim@db:5432/planton", options.Database!.ToString());
        Assert.DoesNotContain("hunter2", options.ToString(), StringComparison.Ordinal);
    }
}
