using System.Net;
using System.Text;
using Planton.Api.Client;
using Planton.Api.References;
using Planton.EndToEnd.Tests.Installations;
using Planton.EndToEnd.Tests.Refusals;
using Planton.Testing.Processes;
using Planton.Testing.Programs;

namespace Planton.EndToEnd.Tests.Life;

/// <summary>Secrets and variables from the command that sets them to the runner that resolves them.</summary>
public abstract class SecretsLifeTests(SharedInstallation shared) : InstallationTest(shared)
{
    private const string Password = "s3cret-päss\nword";

    [Fact]
    [Trait(RequirementTests.Trait, "S27")]
    public async Task ARunnerResolvesWhatItsOrganizationHas_ByItsOwnApiKey_AtTheEnvironmentItNames()
    {
        await SetAsync("database", Password);
        await Installation.SucceedAsync("variable", "set", "region", "eu-west-1");
        await Installation.SucceedAsync("environment", "create", "staging");
        await Installation.SucceedAsync("variable", "set", "region", "eu-north-1", "--env", "staging");
        var key = CredentialsFile.Read(await Installation.MakeCredentialsAsync("resolver")).ApiKey!;

        Assert.Equal((Password, "eu-west-1"), await ResolveAsync(key, environment: null));
        Assert.Equal((Password, "eu-north-1"), await ResolveAsync(key, "staging"));

        // And it is recorded who read the secret, not what it is.
        using var admin = Client(Installation.Server.InitialKey);
        var trail = await admin.GetStringAsync("api/v1/organizations/default/audit?limit=1000", Token);
        Assert.Contains("runner-resolver", trail, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", trail, StringComparison.Ordinal);
    }

    [Fact]
    [Trait(RequirementTests.Trait, "S27")]
    [Trait(RequirementTests.Trait, "R4")]
    public async Task ItsApiKey_ResolvesNothingOfAnotherOrganization_AndMayDoNothingElse()
    {
        await Installation.SucceedAsync("org", "create", "elsewhere");
        await SetAsync("theirs", "not for you", "--org", "elsewhere");
        await Installation.ConnectAsync("usable", runner: null);
        var key = CredentialsFile.Read(await Installation.MakeCredentialsAsync("narrow")).ApiKey!;
        using var http = Client(key);

        Assert.Equal(404, (await Assert.ThrowsAsync<ApiException>(() => new PlantonApiClient(http).ResolveAsync("elsewhere", new ResolveRequest { References = ["$secret/theirs"] }, Token))).Problem.Status);
        (string Method, string Path, string Body)[] forbidden =
        [
            ("POST", "api/v1/organizations/default/runners", """{"name":"x"}"""),
            ("POST", "api/v1/organizations/default/runners/narrow/credentials", "{}"),
            ("GET", "api/v1/organizations/default/runners/narrow/credentials", ""),
            ("DELETE", "api/v1/organizations/default/runners/narrow", ""),
            ("PUT", "api/v1/organizations/default/secrets/mine", """{"value":"x"}"""),
            ("PUT", "api/v1/organizations/default/variables/mine", """{"value":"x"}"""),
            ("GET", "api/v1/organizations/default/audit", ""),
            ("GET", "kubernetes/default/usable/api/v1/pods", ""),
        ];
        foreach (var (method, path, body) in forbidden)
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            if (body.Length > 0)
                request.Content = new StringContent(body, Encoding.UTF8, "application/json");
            using var answer = await http.SendAsync(request, Token);
            Assert.True(answer.StatusCode == HttpStatusCode.Forbidden, $"{method} {path}: {(int)answer.StatusCode}");
        }
    }

    [Fact]
    [Trait(RequirementTests.Trait, "S27")]
    public async Task WhenItsCredentialsAreRevoked_NothingIsResolvedAnyMore()
    {
        await SetAsync("later", "not for long");
        var credentials = CredentialsFile.Read(await Installation.MakeCredentialsAsync("gone"));
        await Installation.SucceedAsync("runner", "credentials", "revoke", "gone", credentials.Metadata!.Id!, "--yes");

        using var http = Client(credentials.ApiKey!);
        var refused = await Assert.ThrowsAsync<ApiException>(() => new PlantonApiClient(http).ResolveAsync("default", new ResolveRequest { References = ["$secret/later"] }, Token));
        Assert.Equal(401, refused.Problem.Status);
    }

    // From standard input: a value in an argument is in the shell's history.
    private async Task SetAsync(string name, string value, params string[] more)
    {
        var set = await ProgramProcess.RunAsync(ProgramFiles.Cli, ["secret", "set", name, .. more], Installation.Variables(), value, cancellationToken: Token);
        Assert.True(set.ExitCode == 0, set.ToString());
        Assert.DoesNotContain(value, set.ToString(), StringComparison.Ordinal);
    }

    private async Task<(string Secret, string Variable)> ResolveAsync(string key, string? environment)
    {
        using var http = Client(key);
        var answer = await new PlantonApiClient(http).ResolveAsync("default", new ResolveRequest { References = ["$secret/database", "$var/region"], Environment = environment }, Token);
        return (answer.Values["$secret/database"], answer.Values["$var/region"]);
    }

    private HttpClient Client(string key)
    {
        var http = new HttpClient { BaseAddress = new Uri(Installation.Server.Addresses.Http + "/") };
        http.DefaultRequestHeaders.Authorization = PlantonApiClient.Bearer(key);
        return http;
    }
}

public sealed class SecretsLifeTestsOnSqlite(CommonInstallation common) : SecretsLifeTests(common);

public sealed class SecretsLifeTestsOnPostgreSql(CommonInstallationOnPostgreSql common) : SecretsLifeTests(common);
