using System.Globalization;
using System.Text;
using Planton.Runner.Credentials;
using Planton.Runner.Logging;
using Planton.Runner.Startup;
using Planton.Runner.Tests.Fixtures;
using Planton.Testing;

namespace Planton.Runner.Tests;

/// <summary>Documents that were damaged at random: refused with words or taken, never a crash, and never a secret in the words.</summary>
public sealed class CredentialsFuzzTests : IDisposable
{
    private const int Rounds = 1_500;

    private static readonly string[] Pieces =
    [
        "null", "{}", "[]", "\"\"", "0", "-1", "1e999", "true", "\\u0000", "\\ud800", "\"", "\\", "{", "}", ",", ":", "\uFEFF", "\u202E", "é",
        "https://", "http://[::1", "host:99999", "host:-1", ":0", "spiffe://", "-----BEGIN CERTIFICATE-----", "-----END PRIVATE KEY-----", "0001-01-01T00:00:00Z", "9999-99-99",
    ];

    private readonly TestAuthority _authority = new();
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    // Found a control character in the message.
    [InlineData(1760378728)]
    public void ADamagedDocument_IsRefusedWithWords_OrIsStillGood(int seed) => DamageMany(seed);

    [Fact]
    public void WithASeedOfThisRunToo()
    {
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        DamageMany(seed);
    }

    private void DamageMany(int seed)
    {
        var random = new Random(seed);
        var document = new TestCredentials(_authority).Document();
        var good = TestCredentials.Json(document);
        var key = document.ApiKey![^20..];
        var refused = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var damaged = Damage(good, random);
            var loaded = Load(damaged);
            using var value = loaded.Value;
            if (loaded.Failure is not { } failure)
                continue;
            refused++;
            Assert.True(failure.Why.Length is > 10 and < 4_000, $"seed {seed}, round {round}: {failure.Why.Length} characters");
            Assert.False(failure.Why.Contains(key, StringComparison.Ordinal), $"seed {seed}, round {round}: a secret is told");
            Assert.False(failure.Why.Any(char.IsControl), $"seed {seed}, round {round}: a control character is told");
        }

        // Nearly all damage must be seen; what is not is in a field that nobody reads, or in white space.
        Assert.InRange(refused, Rounds / 2, Rounds);
    }

    private static string Damage(string good, Random random)
    {
        var text = new StringBuilder(good);
        for (var change = random.Next(1, 4); change > 0; change--)
        {
            var at = random.Next(text.Length);
            switch (random.Next(5))
            {
                case 0:
                    text[at] = (char)random.Next(0x20, 0x2FF);
                    break;
                case 1:
                    text.Remove(at, random.Next(1, Math.Min(200, text.Length - at) + 1));
                    break;
                case 2:
                    text.Insert(at, Pieces[random.Next(Pieces.Length)]);
                    break;
                case 3:
                    text.Insert(at, text.ToString(at, random.Next(1, Math.Min(400, text.Length - at) + 1)));
                    break;
                default:
                    ReplaceAValue(text, random);
                    break;
            }
        }

        return text.Length == 0 ? "x" : text.ToString();
    }

    // A whole value by something else, so that the document stays JSON and the checks behind the parser are met.
    private static void ReplaceAValue(StringBuilder text, Random random)
    {
        var json = text.ToString();
        var colons = Enumerable.Range(0, json.Length - 3).Where(i => json[i] == '"' && json[i + 1] == ':').ToList();
        if (colons.Count == 0)
            return;
        var from = json.IndexOf('"', colons[random.Next(colons.Count)] + 1);
        var to = from < 0 ? -1 : json.IndexOf('"', from + 1);
        if (to < 0)
            return;
        var piece = Pieces[random.Next(Pieces.Length)];
        text.Remove(from, to - from + 1).Insert(from, random.Next(2) == 0 ? piece : string.Create(CultureInfo.InvariantCulture, $"\"{piece.Replace("\"", "", StringComparison.Ordinal)}\""));
    }

    private Attempt<LoadedCredentials> Load(string json)
    {
        var environment = new Dictionary<string, string> { ["PLANTON_HOME"] = _folder.File("home"), [CredentialsLocator.JsonVariable] = json };
        return new CredentialsLoader(new CredentialsLocator(environment.GetValueOrDefault), new SecretMasker(), TimeProvider.System).Load(new CredentialsRequest());
    }
}
