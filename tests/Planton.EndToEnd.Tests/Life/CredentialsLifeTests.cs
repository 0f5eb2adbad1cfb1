using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Planton.Api;
using Planton.Api.Client;
using Planton.EndToEnd.Tests.Installations;
using Planton.EndToEnd.Tests.Refusals;

namespace Planton.EndToEnd.Tests.Life;

/// <summary>A runner's credentials from the first to the last, with the three programs, and the rows that hold them.</summary>
public abstract class CredentialsLifeTests(SharedInstallation shared) : InstallationTest(shared)
{
    [Fact]
    [Trait(RequirementTests.Trait, "S1")]
    [Trait(RequirementTests.Trait, "S4")]
    [Trait(RequirementTests.Trait, "S5")]
    public async Task Generate_RegistersTheRunner_AndPrintsTheDocumentAlone()
    {
        var first = await Installation.PlantonAsync("runner", "generate-credentials", "printed");
        var second = await Installation.PlantonAsync("runner", "generate-credentials", "printed");

        Assert.True(first.ExitCode == 0, first.ToString());
        Assert.Contains("registered runner printed", first.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("registered", second.Error, StringComparison.Ordinal);
        var document = JsonSerializer.Deserialize(first.Output, PlantonJson.Default.RunnerCredentials)!;
        Assert.Empty(document.Validate());
        Assert.Equal(("default", "printed"), (document.Metadata!.Organization, document.Metadata.Runner));
        Assert.Equal(Installation.Server.Addresses.Http, document.ControlPlane!.Endpoint!.TrimEnd('/'));
        Assert.Equal(Installation.Server.Addresses.Tunnel, document.Tunnel!.Endpoint);
        Assert.StartsWith("pck_", document.ApiKey, StringComparison.Ordinal);
        var again = JsonSerializer.Deserialize(second.Output, PlantonJson.Default.RunnerCredentials)!;
        Assert.NotEqual(document.ApiKey, again.ApiKey);
        Assert.NotEqual(document.Tunnel.Certificate, again.Tunnel!.Certificate);
        using var certificate = X509Certificate2.CreateFromPem(document.Tunnel.Certificate, document.Tunnel.PrivateKey);
        using var authority = X509Certificate2.CreateFromPem(document.Tunnel.CaCertificates);
        Assert.Equal(authority.Subject, certificate.Issuer);
        Assert.EndsWith($"/runner/{document.Metadata.RunnerId}", IdentityOf(certificate), StringComparison.Ordinal);
        Assert.Equal((1, 1, 2, 2), (
            await CountAsync("runners WHERE \"Name\" = 'printed'"), await CountAsync("service_accounts WHERE \"Name\" = 'runner-printed'"),
            await CountAsync($"runner_credentials WHERE \"RunnerId\" = '{document.Metadata.RunnerId}'"),
            await CountAsync("api_keys k JOIN service_accounts s ON s.\"Id\" = k.\"ServiceAccountId\" WHERE s.\"Name\" = 'runner-printed' AND k.\"RevokedAt\" IS NULL")));
        // The earlier ones stay valid.
        Assert.Equal(document.Metadata.RunnerId, await RunnerOfKeyAsync(document.ApiKey!));
        Assert.Equal(document.Metadata.RunnerId, await RunnerOfKeyAsync(again.ApiKey!));
    }

    [Fact]
    [Trait(RequirementTests.Trait, "S2")]
    public async Task GenerateIntoAFolder_WritesOneFileThatOnlyItsOwnerReads()
    {
        var folder = Installation.PathOf("some/where");

        var output = await Installation.SucceedAsync("runner", "generate-credentials", "in-a-folder", "--output-dir", folder);

        Assert.Equal("", output);
        var file = Path.Combine(folder, "credentials.json");
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
        }

        Assert.Equal([file], Directory.GetFileSystemEntries(folder));
        Assert.Empty(CredentialsFile.Read(file).Validate());
    }

    [Fact]
    [Trait(RequirementTests.Trait, "S7")]
    public async Task Regenerate_MakesNewOnes_AndARunnerOnTheOldIsCutAtOnce()
    {
        var runner = await Installation.StartRunnerAsync("rotated", RunnerKubeconfig.WriteForNowhere(Installation));
        var old = CredentialsFile.Read(await Installation.MakeCredentialsAsync("rotated"));
        var folder = Installation.PathOf("rotated");

        var regenerated = await Installation.PlantonAsync("runner", "regenerate-credentials", "rotated", "--output-dir", folder, "--yes");

        Assert.True(regenerated.ExitCode == 0, regenerated.ToString());
        // Refused permanently, the runner ends and says why.
        Assert.Equal(4, await runner.Process.WaitForExitAsync(TimeSpan.FromSeconds(10), Token));
        Assert.Contains("revoked", string.Join('\n', runner.Process.ErrorLines), StringComparison.Ordinal);
        Assert.Contains("1 tunnel", regenerated.Error, StringComparison.Ordinal);
        var refused = await Assert.ThrowsAsync<ApiException>(() => RunnerOfKeyAsync(old.ApiKey!));
        Assert.Equal(401, refused.Problem.Status);
        await using var next = RunnerProgram.Launch(Installation.Home, Path.Combine(folder, "credentials.json"), "--kubeconfig", RunnerKubeconfig.WriteForNowhere(Installation));
        await next.ReadyAsync();
    }

    [Fact]
    [Trait(RequirementTests.Trait, "S5")]
    public async Task RevokingOne_LeavesTheOthers_AndTheListTellsThemApart()
    {
        var (first, second) = (CredentialsFile.Read(await Installation.MakeCredentialsAsync("several")), CredentialsFile.Read(await Installation.MakeCredentialsAsync("several")));

        await Installation.SucceedAsync("runner", "credentials", "revoke", "several", first.Metadata!.Id!, "--yes");

        await Assert.ThrowsAsync<ApiException>(() => RunnerOfKeyAsync(first.ApiKey!));
        Assert.Equal(second.Metadata!.RunnerId, await RunnerOfKeyAsync(second.ApiKey!));
        var listed = await Installation.Api.ListCredentialsAsync(PlantonInstallation.Organization, "several", Token);
        Assert.Equal([first.Metadata.Id], listed.Items.Where(c => c.RevokedAt is not null).Select(c => c.Id));
        Assert.Equal([second.Metadata.Id], listed.Items.Where(c => c.RevokedAt is null).Select(c => c.Id));
        var table = await Installation.SucceedAsync("runner", "credentials", "list", "several");
        Assert.Contains(first.Metadata.Id!, table, StringComparison.Ordinal);
        Assert.Contains(second.Metadata.Id!, table, StringComparison.Ordinal);
    }

    [Fact]
    [Trait(RequirementTests.Trait, "S26")]
    public async Task Delete_EndsTheRunner_ItsKeysAndItsName()
    {
        var runner = await Installation.StartRunnerAsync("deleted", RunnerKubeconfig.WriteForNowhere(Installation));
        var key = CredentialsFile.Read(await Installation.MakeCredentialsAsync("deleted")).ApiKey!;
        await Installation.ConnectAsync("to-deleted", "deleted");

        var unasked = await Installation.PlantonAsync("runner", "delete", "deleted");
        Assert.Equal(2, unasked.ExitCode);
        Assert.Contains("--yes", unasked.Error, StringComparison.Ordinal);
        Assert.Contains("2 valid credentials, 1 tunnel and 0 operations", unasked.Error, StringComparison.Ordinal);
        Assert.Contains("Connections that lose their route: to-deleted", unasked.Error, StringComparison.Ordinal);
        Assert.False(runner.Process.HasExited);

        var deleted = await Installation.PlantonAsync("runner", "delete", "deleted", "--yes");

        Assert.True(deleted.ExitCode == 0, deleted.ToString());
        Assert.Contains("to-deleted", deleted.Error, StringComparison.Ordinal);
        Assert.Contains("What was deployed is left", deleted.Error, StringComparison.Ordinal);
        Assert.Equal(4, await runner.Process.WaitForExitAsync(TimeSpan.FromSeconds(10), Token));
        await Assert.ThrowsAsync<ApiException>(() => RunnerOfKeyAsync(key));
        Assert.Equal((0, 0), (await CountAsync("service_accounts WHERE \"Name\" = 'runner-deleted'"), await CountAsync("runners WHERE \"Name\" = 'deleted'")));
        Assert.Equal(3, (await Installation.PlantonAsync("runner", "get", "deleted")).ExitCode);
        Assert.Equal(5, (await Installation.PlantonAsync("kubectl", "get", "pods", "--connection", "to-deleted")).ExitCode);
    }

    [Fact]
    [Trait(RequirementTests.Trait, "S8")]
    public async Task ALostFile_IsReplacedByGeneratingAgain()
    {
        File.Delete(await Installation.MakeCredentialsAsync("forgetful"));

        var runner = await Installation.StartRunnerAsync("forgetful", RunnerKubeconfig.WriteForNowhere(Installation));

        Assert.False(runner.Process.HasExited);
        Assert.Equal(2, (await Installation.Api.ListCredentialsAsync(PlantonInstallation.Organization, "forgetful", Token)).Items.Count(c => c.RevokedAt is null));
    }

    private Task<long> CountAsync(string rows) => Installation.Server.CountAsync($"SELECT count(*) FROM {rows}");

    private static string IdentityOf(X509Certificate2 certificate)
    {
        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single();
        return new AsnReader(names.RawData, AsnEncodingRules.DER).ReadSequence()
            .ReadCharacterString(UniversalTagNumber.IA5String, new Asn1Tag(TagClass.ContextSpecific, 6));
    }

    private async Task<string?> RunnerOfKeyAsync(string key)
    {
        using var http = new HttpClient { BaseAddress = new Uri(Installation.Server.Addresses.Http + "/") };
        http.DefaultRequestHeaders.Authorization = PlantonApiClient.Bearer(key);
        return (await new PlantonApiClient(http).GetCallerAsync(Token)).Runner?.Id;
    }
}

public sealed class CredentialsLifeTestsOnSqlite(CommonInstallation common) : CredentialsLifeTests(common);

public sealed class CredentialsLifeTestsOnPostgreSql(CommonInstallationOnPostgreSql common) : CredentialsLifeTests(common);
