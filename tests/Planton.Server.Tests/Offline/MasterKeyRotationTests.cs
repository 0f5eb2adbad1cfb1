using Microsoft.EntityFrameworkCore;
using Planton.Api.Secrets;
using Planton.Server.Audit;
using Planton.Server.CertificateAuthority;
using Planton.Server.Encryption;
using Planton.Server.Hosting;
using Planton.Server.Offline;
using Planton.Server.Storage;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Offline;

[Trait("Category", "Slow")]
public abstract class MasterKeyRotationTests(DatabaseKind database) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Steps => [.. Enum.GetNames<MasterKeyStep>()];

    private string KeyFile => Path.Combine(_folder.Data, MasterKeyFile.DefaultName);

    private string NextFile => Path.Combine(_folder.Data, MasterKeyFile.NextName);

    private ServerOptions Options => ServerFixture.OptionsIn(_folder, database);

    public void Dispose()
    {
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task EverythingOpensUnderTheNewKey_TheTrailIsWhole_AndTheOldKeyOpensNothing()
    {
        var (domain, serial) = await FillAsync();
        var before = await File.ReadAllTextAsync(KeyFile, Cancellation);
        var output = new StringWriter();

        Assert.Equal(ServerExit.Ok, await MasterKeyRotateCommand.RunAsync(Options, null, output, Cancellation));

        Assert.NotEqual(before, await File.ReadAllTextAsync(KeyFile, Cancellation));
        Assert.Equal("600", FileModes.Of(KeyFile));
        Assert.False(File.Exists(NextFile));
        Assert.False(File.Exists(Path.Combine(_folder.Data, AuditMark.NextFileName)));
        Assert.StartsWith("3 value(s)", output.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(before.Trim(), output.ToString(), StringComparison.Ordinal);
        await AssertOpensAsync(domain, serial);
        await AssertNothingOpensAsync(new MasterKey(Convert.FromBase64String(before.Trim())));
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task KilledAfterAnyStep_TheServerStartsWithEverything_AndTheKeyCanBeChangedAgain(string step)
    {
        var (domain, serial) = await FillAsync();
        var killedAt = Enum.Parse<MasterKeyStep>(step);

        await KilledRotation.RunAsync(_folder, database, killedAt, null, null, Cancellation);

        // The new key is beside the old one until the last step.
        Assert.Equal(killedAt != MasterKeyStep.Done, File.Exists(NextFile));
        await MasterKeyRecovery.RunAsync(Options, Cancellation);
        Assert.False(File.Exists(NextFile));
        await AssertOpensAsync(domain, serial);
        await new MasterKeyRotation(Options, null).RunAsync(Cancellation);
        await AssertOpensAsync(domain, serial);
    }

    [Fact]
    public async Task KilledBetweenDatabaseAndFile_CommandsRecoverAsWell_ButNotBesideAServer()
    {
        await FillAsync();
        await KilledRotation.RunAsync(_folder, database, MasterKeyStep.Committed, null, null, Cancellation);

        var refused = await Assert.ThrowsAsync<StartupException>(() => AuthorityRotateCommand.RunAsync(Options, TextWriter.Null, Cancellation));
        Assert.Contains("start the server once", refused.Message, StringComparison.Ordinal);
        Assert.Equal(ServerExit.Ok, await AuditVerifyCommand.RunAsync(Options, TextWriter.Null, Cancellation));
        Assert.False(File.Exists(NextFile));
    }

    [Fact]
    public async Task WithAKeyFileOfTheOperators_TheNewOneIsNamed_AndEachOpensItsOwn()
    {
        var (old, next) = (Path.Combine(_folder.FullName, "old-key"), Path.Combine(_folder.FullName, "new-key"));
        MasterKeyFile.Create(old);
        var (domain, serial) = await FillAsync(old);
        var options = Options with { MasterKeyFile = old };
        var unnamed = await Assert.ThrowsAsync<StartupException>(() => new MasterKeyRotation(options, null).RunAsync(Cancellation));
        Assert.Contains("--new-master-key-file", unnamed.Message, StringComparison.Ordinal);
        // Killed before the database is changed, with the new key made already.
        await KilledRotation.RunAsync(_folder, database, MasterKeyStep.Resealed, old, next, Cancellation);
        Assert.True(File.Exists(next));
        await AssertOpensAsync(domain, serial, old);

        await new MasterKeyRotation(options, next).RunAsync(Cancellation);

        await AssertOpensAsync(domain, serial, next);
        var refused = await Assert.ThrowsAsync<StartupException>(() => ServerFixture.StartInAsync(_folder, o => o with { MasterKeyFile = old }, database: database));
        Assert.Contains("master key", refused.Message, StringComparison.Ordinal);
        var again = await Assert.ThrowsAsync<StartupException>(() => new MasterKeyRotation(options, next).RunAsync(Cancellation));
        Assert.Contains("already", again.Message, StringComparison.Ordinal);
        await AssertNothingOpensAsync(MasterKeyFile.Read(old));
    }

    [Fact]
    public async Task WhenOneValueDoesNotOpen_NothingIsChanged()
    {
        var (domain, serial) = await FillAsync();
        await WithDatabaseAsync(context => context.DataKeys.ExecuteUpdateAsync(set => set.SetProperty(key => key.SealedKey, new byte[61]), Cancellation));
        var before = await File.ReadAllTextAsync(KeyFile, Cancellation);

        var refused = await Assert.ThrowsAsync<StartupException>(() => new MasterKeyRotation(Options, null).RunAsync(Cancellation));

        Assert.Contains("data-key/", refused.Message, StringComparison.Ordinal);
        await MasterKeyRecovery.RunAsync(Options, Cancellation);
        Assert.Equal(before, await File.ReadAllTextAsync(KeyFile, Cancellation));
        await using var server = await ServerFixture.StartInAsync(_folder, database: database);
        Assert.Equal((domain, serial), Identity(server));
        Assert.True((await server.Admin.VerifyAuditAsync(Cancellation)).Ok);
    }

    [Fact]
    public async Task BesideARunningServerItIsRefused()
    {
        await using var server = await ServerFixture.StartInAsync(_folder, database: database);
        var refused = await Assert.ThrowsAsync<StartupException>(() => new MasterKeyRotation(Options, null).RunAsync(Cancellation));
        Assert.Contains("in use", refused.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(NextFile));
    }

    /// <summary>A new sealed column must be added to the rotation, or be sealed under a data key.</summary>
    [Fact]
    public async Task EverySealedColumnIsKnown()
    {
        await FillAsync();
        await WithDatabaseAsync(context =>
        {
            var found = context.Model.GetEntityTypes().SelectMany(type => type.GetProperties())
                .Where(property => property.Name.StartsWith("Sealed", StringComparison.Ordinal))
                .Select(property => $"{property.DeclaringType.ClrType.Name}.{property.Name}").Order(StringComparer.Ordinal);
            string[] known =
            [
                "CertificateAuthorityEntity.SealedKey", "ConnectionMaterialEntity.SealedKubeconfig", "DataKeyEntity.SealedKey",
                "SecretVersionEntity.SealedValues",
            ];
            Assert.Equal(known, found);
            return Task.FromResult(0);
        });
    }

    private static (string Domain, string Serial) Identity(ServerFixture server)
    {
        var authority = server.Get<CertificateAuthorityService>();
        return (authority.TrustDomain, authority.TrustBundle[0].SerialNumber);
    }

    private async Task<(string Domain, string Serial)> FillAsync(string? keyFile = null)
    {
        if (keyFile is null)
            await ServerTemplate.CopyToAsync(_folder, database);
        await using var server = await ServerFixture.StartInAsync(_folder, options => options with { MasterKeyFile = keyFile }, database: database);
        await server.Admin.CreateOrganizationAsync("acme", Cancellation);
        foreach (var organization in new[] { "default", "acme" })
            await server.Admin.PutSecretAsync(organization, "db", new PutSecretRequest { Value = $"secret of {organization}" }, cancellationToken: Cancellation);
        return Identity(server);
    }

    private async Task AssertOpensAsync(string domain, string serial, string? keyFile = null)
    {
        await using var server = await ServerFixture.StartInAsync(_folder, options => options with { MasterKeyFile = keyFile }, database: database);
        Assert.Equal((domain, serial), Identity(server));
        foreach (var organization in new[] { "default", "acme" })
        {
            var revealed = await server.Admin.RevealSecretAsync(organization, "db", cancellationToken: Cancellation);
            Assert.Equal($"secret of {organization}", revealed.Values[PutSecretRequest.SingleKey]);
        }

        Assert.NotNull((await server.Admin.GenerateCredentialsAsync("default", "prod", Cancellation)).Credentials);
        var verification = await server.Admin.VerifyAuditAsync(Cancellation);
        Assert.True(verification.Ok, verification.Reason);
    }

    private Task AssertNothingOpensAsync(MasterKey key) => WithDatabaseAsync(async context =>
    {
        foreach (var authority in await context.CertificateAuthorities.ToListAsync(Cancellation))
            Assert.False(key.TryOpen(AuthorityMaker.KeyPurpose, authority.SealedKey, out _));
        foreach (var data in await context.DataKeys.ToListAsync(Cancellation))
            Assert.False(key.TryOpen(OrganizationCipher.KeyPurpose(data.OrganizationId), data.SealedKey, out _));
        Assert.False(new AuditHeadSigner(key).IsGenuine(await context.AuditHeads.SingleAsync(Cancellation)));
        return 0;
    });

    private async Task WithDatabaseAsync(Func<ControlPlaneContext, Task<int>> use)
    {
        await using var server = await ServerFixture.StartInAsync(_folder, options => options with { MasterKeyFile = NewestKeyFile() }, database: database);
        await server.QueryAsync(use);
    }

    private string? NewestKeyFile() => Path.Combine(_folder.FullName, "new-key") is var file && File.Exists(file) ? file : null;
}

public sealed class MasterKeyRotationTestsOnSqlite() : MasterKeyRotationTests(DatabaseKind.Sqlite);

public sealed class MasterKeyRotationTestsOnPostgreSql() : MasterKeyRotationTests(DatabaseKind.PostgreSql);
