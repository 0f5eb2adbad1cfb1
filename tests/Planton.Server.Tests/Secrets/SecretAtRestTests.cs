using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Planton.Api.Errors;
using Planton.Api.Secrets;
using Planton.Server.Secrets;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Secrets;

/// <summary>What can be done with the database, but without the master key.</summary>
public abstract class SecretAtRestTests(SharedServer shared) : SharedServerTest(shared)
{
    protected const string Value = "hunter2-at-rest";

    // Of ORG's secret db, and of ORG itself; ACME is another organization.
    private const string OfDb = """WHERE "SecretId" IN (SELECT "Id" FROM secrets WHERE "OrganizationId" = 'ORG' AND "Name" = 'db')""";
    private const string OfOrg = """WHERE "OrganizationId" = 'ORG'""";

    [Fact]
    public async Task OrganizationsHaveKeysOfTheirOwn_NoneOfThemInTheClear()
    {
        var (acme, acmeId) = await NewOrganizationAsync("acme");
        await PutAsync(Org, "db");
        await PutAsync(Org, "other");
        await PutAsync(acme, "db");
        var keys = await Server.QueryAsync(context => context.DataKeys
            .Where(key => key.OrganizationId == OrgId || key.OrganizationId == acmeId).Select(key => key.SealedKey).ToListAsync(Cancellation));
        Assert.Equal(2, keys.Count);
        Assert.All(keys, key => Assert.Equal(32 + 29, key.Length));
        Assert.NotEqual(keys[0], keys[1]);
    }

    [Theory]
    [InlineData("""UPDATE secret_versions SET "SealedValues" = (SELECT v."SealedValues" FROM secret_versions v JOIN secrets s ON s."Id" = v."SecretId" WHERE s."OrganizationId" = 'ORG' AND s."Name" = 'second') """ + OfDb)]
    [InlineData("UPDATE secret_versions SET \"Version\" = 7 " + OfDb + "; UPDATE secrets SET \"Version\" = 7 " + OfOrg)]
    [InlineData("UPDATE secrets SET \"Name\" = CASE \"Name\" WHEN 'db' THEN 'gone' WHEN 'second' THEN 'db' END " + OfOrg)]
    [InlineData("UPDATE data_keys SET \"SealedKey\" = (SELECT k.\"SealedKey\" FROM data_keys k WHERE k.\"OrganizationId\" = 'ACME') " + OfOrg)]
    public async Task AValueMovedToAnotherPlaceIsNotOpened(string statements)
    {
        Server.Log.ExpectError(error => error.Text.Contains("cannot be opened", StringComparison.Ordinal));
        var (acme, acmeId) = await NewOrganizationAsync("acme");
        await PutAsync(acme, "db");
        await PutAsync(Org, "db");
        await Admin.PutSecretAsync(
            Org, "second", new PutSecretRequest { Values = new Dictionary<string, string> { ["other"] = "theirs" } }, cancellationToken: Cancellation);
        Assert.Equal(Value, (await Admin.RevealSecretAsync(Org, "db", cancellationToken: Cancellation)).Values[PutSecretRequest.SingleKey]);
        foreach (var statement in statements.Split(';'))
        {
            var sql = statement.Replace("ORG", OrgId, StringComparison.Ordinal).Replace("ACME", acmeId, StringComparison.Ordinal);
            Assert.NotEqual(0, await Server.QueryAsync(context => context.Database.ExecuteSqlRawAsync(sql, Cancellation)));
        }

        await Expect.ProblemAsync(ErrorCode.Internal, () => Admin.RevealSecretAsync(Org, "db", cancellationToken: Cancellation));
        Assert.DoesNotContain(Value, Server.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EveryByteOfASealedValueCounts()
    {
        await PutAsync(Org, "db");
        var (secret, version) = await Server.QueryAsync(async context =>
        {
            var stored = await context.Secrets.AsNoTracking().SingleAsync(s => s.OrganizationId == OrgId, Cancellation);
            return (stored, await context.SecretVersions.AsNoTracking().SingleAsync(v => v.SecretId == stored.Id, Cancellation));
        });
        var cipher = Server.Get<SecretCipher>();
        for (var index = 0; index < version.SealedValues.Length; index++)
        {
            version.SealedValues[index] ^= 1;
            await Assert.ThrowsAsync<CryptographicException>(() => Server.QueryAsync(context => cipher.OpenAsync(context, secret, version, Cancellation)));
            version.SealedValues[index] ^= 1;
        }

        Assert.Equal(Value, (await Server.QueryAsync(context => cipher.OpenAsync(context, secret, version, Cancellation)))[PutSecretRequest.SingleKey]);
    }

    private protected Task<Secret> PutAsync(string organization, string name) =>
        Admin.PutSecretAsync(organization, name, new PutSecretRequest { Value = Value }, cancellationToken: Cancellation);
}

public sealed class SecretAtRestTestsOnSqlite(OnSqlite shared) : SecretAtRestTests(shared), IClassFixture<OnSqlite>
{
    [Fact]
    public async Task NoFileOfTheServerHoldsTheValue()
    {
        await PutAsync(Org, "db");
        await Admin.RevealSecretAsync(Org, "db", cancellationToken: Cancellation);
        foreach (var file in Directory.EnumerateFiles(Server.Folder.Data, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) != "lock"))
            Assert.False(await HoldsAsync(file), file);
        await Admin.PutVariableAsync(Org, "known", Value, cancellationToken: Cancellation);
        Assert.True(await HoldsAsync(Path.Combine(Server.Folder.Data, "planton.db-wal")), "the search finds what is there");
    }

    private static async Task<bool> HoldsAsync(string file)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var memory = new MemoryStream();
        await stream.CopyToAsync(memory, Cancellation);
        return memory.ToArray().AsSpan().IndexOf(Encoding.UTF8.GetBytes(Value)) >= 0;
    }
}

public sealed class SecretAtRestTestsOnPostgreSql(OnPostgreSql shared) : SecretAtRestTests(shared), IClassFixture<OnPostgreSql>;
