using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Planton.Api.Errors;
using Planton.Api.Secrets;
using Planton.Server.Secrets;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Secrets;

/// <summary>What somebody with the database, and without the master key, can do.</summary>
public sealed class SecretAtRestTests
{
    private const string Value = "hunter2-at-rest";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task NoFileOfTheServerHoldsTheValue()
    {
        await using var server = await ServerFixture.StartAsync();
        await PutAsync(server, "default", "db");
        await server.Admin.RevealSecretAsync("default", "db", cancellationToken: Cancellation);
        foreach (var file in Directory.EnumerateFiles(server.Folder.Data, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) != "lock"))
            Assert.False(await HoldsAsync(file), file);
        await server.Admin.PutVariableAsync("default", "known", Value, cancellationToken: Cancellation);
        Assert.True(await HoldsAsync(Path.Combine(server.Folder.Data, "planton.db-wal")), "the search finds what is there");
    }

    [Fact]
    public async Task OrganizationsHaveKeysOfTheirOwn_NoneOfThemInTheClear()
    {
        await using var server = await ServerFixture.StartAsync();
        await server.Admin.CreateOrganizationAsync("acme", Cancellation);
        await PutAsync(server, "default", "db");
        await PutAsync(server, "default", "other");
        await PutAsync(server, "acme", "db");
        var keys = await server.QueryAsync(context => context.DataKeys.Select(key => key.SealedKey).ToListAsync(Cancellation));
        Assert.Equal(2, keys.Count);
        Assert.All(keys, key => Assert.Equal(32 + 29, key.Length));
        Assert.NotEqual(keys[0], keys[1]);
    }

    [Theory]
    [InlineData("UPDATE secret_versions SET \"SealedValues\" = (SELECT v.\"SealedValues\" FROM secret_versions v WHERE v.\"Keys\" = 'other')")]
    [InlineData("UPDATE secret_versions SET \"Version\" = 7; UPDATE secrets SET \"Version\" = 7")]
    [InlineData("UPDATE secrets SET \"Name\" = CASE \"Name\" WHEN 'db' THEN 'gone' WHEN 'second' THEN 'db' END")]
    [InlineData("UPDATE data_keys SET \"SealedKey\" = (SELECT k.\"SealedKey\" FROM data_keys k JOIN organizations o ON o.\"Id\" = k.\"OrganizationId\" WHERE o.\"Name\" = 'acme')")]
    public async Task AValueMovedToAnotherPlaceIsNotOpened(string statement)
    {
        await using var server = await ServerFixture.StartAsync();
        server.Log.ExpectError(error => error.Text.Contains("cannot be opened", StringComparison.Ordinal));
        await server.Admin.CreateOrganizationAsync("acme", Cancellation);
        await PutAsync(server, "acme", "db");
        await PutAsync(server, "default", "db");
        await server.Admin.PutSecretAsync(
            "default", "second", new PutSecretRequest { Values = new Dictionary<string, string> { ["other"] = "theirs" } }, cancellationToken: Cancellation);
        foreach (var part in statement.Split(';'))
            await server.QueryAsync(context => context.Database.ExecuteSqlRawAsync(part, Cancellation));
        await Expect.ProblemAsync(ErrorCode.Internal, () => server.Admin.RevealSecretAsync("default", "db", cancellationToken: Cancellation));
        Assert.DoesNotContain(Value, server.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EveryByteOfASealedValueCounts()
    {
        await using var server = await ServerFixture.StartAsync();
        await PutAsync(server, "default", "db");
        var (secret, version) = await server.QueryAsync(async context => (
            await context.Secrets.AsNoTracking().SingleAsync(Cancellation), await context.SecretVersions.AsNoTracking().SingleAsync(Cancellation)));
        var cipher = server.Get<SecretCipher>();
        for (var index = 0; index < version.SealedValues.Length; index++)
        {
            version.SealedValues[index] ^= 1;
            await Assert.ThrowsAsync<CryptographicException>(() => server.QueryAsync(context => cipher.OpenAsync(context, secret, version, Cancellation)));
            version.SealedValues[index] ^= 1;
        }

        Assert.Equal(Value, (await server.QueryAsync(context => cipher.OpenAsync(context, secret, version, Cancellation)))[PutSecretRequest.SingleKey]);
    }

    private static Task<Secret> PutAsync(ServerFixture server, string organization, string name) =>
        server.Admin.PutSecretAsync(organization, name, new PutSecretRequest { Value = Value }, cancellationToken: Cancellation);

    private static async Task<bool> HoldsAsync(string file)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var memory = new MemoryStream();
        await stream.CopyToAsync(memory, Cancellation);
        return memory.ToArray().AsSpan().IndexOf(Encoding.UTF8.GetBytes(Value)) >= 0;
    }
}
