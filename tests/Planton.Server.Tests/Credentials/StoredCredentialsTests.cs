using Microsoft.Extensions.Logging;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Credentials;

/// <summary>Where the secrets of credentials must not be found, by a server that logs everything.</summary>
public abstract class StoredCredentialsTests(DatabaseKind database)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task S6_KeysAreStoredNowhereAndLoggedNowhere()
    {
        using var folder = new TemporaryFolder();
        var secrets = new List<string>();
        await using (var server = await ServerFixture.StartInAsync(
            folder, options => options with { LogLevel = LogLevel.Trace }, database: database))
        {
            secrets.Add(server.AdminKey[16..48]);
            for (var round = 0; round < 2; round++)
            {
                var document = (await server.Admin.GenerateCredentialsAsync("default", "prod", Cancellation)).Credentials;
                secrets.Add(document.ApiKey![16..48]);
                secrets.AddRange(document.Tunnel!.PrivateKey!.Split('\n').Where(line => line.Length > 20 && !line.StartsWith('-')));
                await server.Client(document.ApiKey).GetCallerAsync(Cancellation);
            }

            foreach (var secret in secrets)
                Assert.DoesNotContain(secret, server.Log.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("PRIVATE KEY", server.Log.Text, StringComparison.Ordinal);
            SearchFiles(folder, secrets);
        }

        SearchFiles(folder, secrets);
    }

    private static void SearchFiles(TemporaryFolder folder, List<string> secrets)
    {
        foreach (var file in Directory.EnumerateFiles(folder.Data).Where(file => Path.GetFileName(file) is not ("initial-admin-key" or "lock")))
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(stream, System.Text.Encoding.Latin1);
            var text = reader.ReadToEnd();
            Assert.DoesNotContain("PRIVATE KEY", text, StringComparison.Ordinal);
            Assert.DoesNotContain("pck_", text, StringComparison.Ordinal);
            foreach (var secret in secrets)
                Assert.False(text.Contains(secret, StringComparison.Ordinal), $"a secret is in {Path.GetFileName(file)}");
        }
    }
}

public sealed class StoredCredentialsTestsOnSqlite() : StoredCredentialsTests(DatabaseKind.Sqlite);

public sealed class StoredCredentialsTestsOnPostgreSql() : StoredCredentialsTests(DatabaseKind.PostgreSql);
