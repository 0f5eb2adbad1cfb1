using Microsoft.EntityFrameworkCore;
using Planton.Server.Hosting;
using Planton.Server.Offline;
using Planton.Server.Tests.Fixture;
using Planton.Tunnel.Protocol;

namespace Planton.Server.Tests.Offline;

/// <summary>The command lines of <c>planton-server ca</c>, on a stopped server.</summary>
public abstract class AuthorityCommandTests(DatabaseKind database) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task TheOnlyAuthorityIsNotRetired()
    {
        await MakeAsync();
        var (exit, errors) = await RunAsync("retire");
        Assert.Equal(ServerExit.Configuration, exit);
        Assert.Contains("add the next one first, with planton-server ca rotate", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnAuthorityThatACredentialNeedsIsNotRetired_UnlessForced()
    {
        await MakeAsync("prod");
        Assert.Equal((ServerExit.Ok, ""), await RunAsync("rotate"));

        var (exit, errors) = await RunAsync("retire");

        Assert.Equal(ServerExit.Failed, exit);
        Assert.Contains("nothing is retired: 1 credential(s) could not connect any more", errors, StringComparison.Ordinal);
        Assert.Contains("prod", errors, StringComparison.Ordinal);
        Assert.Equal(2, await TrustedAsync());
        Assert.Equal((ServerExit.Ok, ""), await RunAsync("retire", "--force"));
        Assert.Equal(1, await TrustedAsync());
    }

    [Fact]
    public async Task AnAuthorityThatIsNotThereIsNamed()
    {
        await MakeAsync();
        await RunAsync("rotate");
        var (exit, errors) = await RunAsync("retire", "nothing-of-the-kind");
        Assert.Equal(ServerExit.Configuration, exit);
        Assert.Contains("no trusted certificate authority nothing-of-the-kind", errors, StringComparison.Ordinal);
        Assert.Equal(2, await TrustedAsync());
    }

    [Fact]
    public async Task MoreThanMayOverlapAreNotAdded()
    {
        await MakeAsync();
        for (var made = 1; made < TrustBundle.MaxAuthorities; made++)
            Assert.Equal((ServerExit.Ok, ""), await RunAsync("rotate"));

        var (exit, errors) = await RunAsync("rotate");

        Assert.Equal(ServerExit.Configuration, exit);
        Assert.Contains("retire the oldest first: planton-server ca retire", errors, StringComparison.Ordinal);
        Assert.Equal(TrustBundle.MaxAuthorities, await TrustedAsync());
        // The server lives with as many.
        await using var server = await ServerFixture.StartInAsync(_folder, database: database);
        Assert.True((await server.Admin.VerifyAuditAsync(Cancellation)).Ok);
    }

    [Theory]
    [InlineData("list")]
    [InlineData("rotate")]
    [InlineData("retire")]
    public async Task AFolderThatHoldsNoServersDataIsRefused_AndNothingIsMadeInIt(string verb)
    {
        var (exit, errors) = await RunAsync(verb);
        Assert.Equal(ServerExit.Configuration, exit);
        Assert.Contains("holds no server's data", errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.Data));
    }

    private async Task MakeAsync(string? runner = null)
    {
        await ServerTemplate.CopyToAsync(_folder, database);
        if (runner is null)
            return;
        await using var server = await ServerFixture.StartInAsync(_folder, database: database);
        await server.Admin.GenerateCredentialsAsync("default", runner, Cancellation);
    }

    private async Task<int> TrustedAsync()
    {
        await using var data = await OfflineData.OpenSharedAsync(ServerFixture.OptionsIn(_folder, database), Cancellation);
        await using var context = await data.Contexts.CreateDbContextAsync(Cancellation);
        return await context.CertificateAuthorities.CountAsync(authority => authority.RetiredAt == null, Cancellation);
    }

    private async Task<(int Exit, string Errors)> RunAsync(params string[] words)
    {
        var (output, errors) = (new StringWriter(), new StringWriter());
        var command = new ServerCommand(output, errors, _ => null, (_, _, _) => Task.FromResult(0));
        string[] settings = database == DatabaseKind.PostgreSql ? ["--database", TestDatabase.EmptyUrl(_folder)] : [];
        var exit = await command.InvokeAsync(["ca", .. words, "--data", _folder.Data, .. settings], Cancellation);
        // A script reads the output: JSON when it was done, else nothing.
        Assert.Equal(exit == ServerExit.Ok, output.ToString().StartsWith('['));
        return (exit, errors.ToString());
    }
}

public sealed class AuthorityCommandTestsOnSqlite() : AuthorityCommandTests(DatabaseKind.Sqlite);

public sealed class AuthorityCommandTestsOnPostgreSql() : AuthorityCommandTests(DatabaseKind.PostgreSql);
