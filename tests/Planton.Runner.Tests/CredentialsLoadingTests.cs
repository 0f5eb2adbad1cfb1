using Planton.Api.Runners;
using Planton.Runner.Credentials;
using Planton.Runner.Logging;
using Planton.Runner.Startup;
using Planton.Runner.Tests.Fixtures;
using Planton.Testing;

namespace Planton.Runner.Tests;

public sealed class CredentialsLoadingTests : IDisposable
{
    private readonly TestAuthority _authority = new();
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, string> _environment = [];

    public CredentialsLoadingTests() => _environment["PLANTON_HOME"] = _folder.File("home");

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void TheFlagGoesBeforeTheFileVariableBeforeTheJsonVariableBeforeTheStore()
    {
        var json = TestCredentials.Json(new TestCredentials(_authority).Document());
        TestCredentials.Write(_folder.File("home/org/acme/runner/prod/credentials.json"), json);
        Assert.Contains("the local store", Load().Value!.Source, StringComparison.Ordinal);
        _environment[CredentialsLocator.JsonVariable] = json;
        Assert.Contains("the environment variable PLANTON_RUNNER_CREDENTIALS", Load().Value!.Source, StringComparison.Ordinal);
        _environment[CredentialsLocator.FileVariable] = TestCredentials.Write(_folder.File("by-variable.json"), json);
        Assert.EndsWith("by-variable.json (PLANTON_RUNNER_CREDENTIALS_FILE)", Load().Value!.Source, StringComparison.Ordinal);
        var byFlag = TestCredentials.Write(_folder.File("by-flag.json"), json);
        Assert.EndsWith("by-flag.json (--credentials-file)", Load(new CredentialsRequest(File: byFlag)).Value!.Source, StringComparison.Ordinal);
    }

    [Fact]
    public void ABadSourceIsNotSkippedForTheNextOne()
    {
        _environment[CredentialsLocator.JsonVariable] = TestCredentials.Json(new TestCredentials(_authority).Document());
        var failure = Refused(new CredentialsRequest(File: _folder.File("missing.json")), ExitCode.Configuration);
        Assert.EndsWith("missing.json (--credentials-file) does not exist", failure.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void SeveralRunnersInTheStoreAreListed_AndNameAndOrganizationChoose()
    {
        var json = TestCredentials.Json(new TestCredentials(_authority).Document());
        foreach (var path in new[] { "acme/runner/prod", "acme/runner/test", "other/runner/prod" })
            TestCredentials.Write(_folder.File($"home/org/{path}/credentials.json"), json);

        var all = Refused(new CredentialsRequest(), ExitCode.Configuration).Why;
        Assert.Contains("prod (--org acme), test (--org acme), prod (--org other)", all, StringComparison.Ordinal);
        Assert.Contains("planton-runner start NAME --org ORG", all, StringComparison.Ordinal);
        Assert.Contains("several", Refused(new CredentialsRequest("prod"), ExitCode.Configuration).Why, StringComparison.Ordinal);
        Assert.Contains("no runner 'nope'", Refused(new CredentialsRequest("nope"), ExitCode.Configuration).Why, StringComparison.Ordinal);
        Assert.NotNull(Load(new CredentialsRequest("prod", "acme")).Value);
    }

    [Fact]
    public void PlatformRunnersAreInTheStoreToo()
    {
        var json = TestCredentials.Json(new TestCredentials(_authority).Document());
        TestCredentials.Write(_folder.File("home/org/acme/runner/prod/credentials.json"), json);
        TestCredentials.Write(_folder.File("home/platform/runner/shared/credentials.json"), json);

        Assert.Contains("prod (--org acme), shared (--platform)", Refused(new CredentialsRequest(), ExitCode.Configuration).Why, StringComparison.Ordinal);
        // It is an organization's document that lies in the platform's folder.
        var misplaced = Refused(new CredentialsRequest(Platform: true), ExitCode.Configuration).Why;
        Assert.Contains("home/platform/runner/shared/credentials.json", misplaced, StringComparison.Ordinal);
        Assert.Contains("the command asks for a runner of the platform", misplaced, StringComparison.Ordinal);
        Assert.Contains("no runner 'prod' of the platform is in", Refused(new CredentialsRequest("prod", Platform: true), ExitCode.Configuration).Why, StringComparison.Ordinal);
    }

    [Fact]
    public void WhichSourceWonAndWhatWasSkippedCanBeTold_WithoutAnyValue()
    {
        var json = TestCredentials.Json(new TestCredentials(_authority).Document());
        TestCredentials.Write(_folder.File("home/org/acme/runner/prod/credentials.json"), json);
        Assert.Equal(["not given", "not set", "not set", "looked into"], States());
        _environment[CredentialsLocator.JsonVariable] = json;
        Assert.Equal(["not given", "not set", "set, used", "not looked into"], States());
        _environment[CredentialsLocator.FileVariable] = "elsewhere.json";
        Assert.Equal(["not given", "set, used", "set, not used", "not looked into"], States());
        Assert.Equal(["given, used", "set, not used", "set, not used", "not looked into"], States("c.json"));

        string[] States(string? file = null)
        {
            var locator = new CredentialsLocator(_environment.GetValueOrDefault);
            locator.Find(new CredentialsRequest(File: file));
            Assert.Equal(["--credentials-file", CredentialsLocator.FileVariable, CredentialsLocator.JsonVariable, "the local store"], locator.Sources.Select(source => source.Name));
            return [.. locator.Sources.Select(source => source.State)];
        }
    }

    [Theory]
    [InlineData("../prod", null)]
    [InlineData("prod", "../../etc")]
    public void NamesThatCouldLeaveTheStoreAreRefused(string name, string? organization) =>
        Assert.Contains("is not a name", Refused(new CredentialsRequest(name, organization), ExitCode.Configuration).Why, StringComparison.Ordinal);

    [Fact]
    public void AFileThatOthersCanReadIsRefusedWithTheChmodThatMendsIt()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "no modes");
        var file = TestCredentials.Write(_folder.File("c.json"), TestCredentials.Json(new TestCredentials(_authority).Document()));
        Assert.NotNull(Load(new CredentialsRequest(File: file)).Value);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);

        var why = Refused(new CredentialsRequest(File: file), ExitCode.Configuration).Why;

        Assert.Contains("mode 0640", why, StringComparison.Ordinal);
        Assert.Contains($"chmod 600 '{file}'", why, StringComparison.Ordinal);
    }

    [Fact]
    public void AllFaultsOfADocumentAreToldAtOnceAndByField()
    {
        var document = new TestCredentials(_authority).Document();
        var why = Why(document with { ApiKey = null, Metadata = document.Metadata! with { RunnerId = null }, Tunnel = document.Tunnel! with { Endpoint = "nowhere", PrivateKey = "x" } });
        foreach (var field in new[] { "apiKey: is missing", "metadata.runnerId: is missing", "tunnel.endpoint: is not host:port", "tunnel.privateKey: is not a PEM" })
            Assert.Contains(field, why, StringComparison.Ordinal);
    }

    [Fact]
    public void AKeyOfAnotherCertificateIsRefused()
    {
        var document = new TestCredentials(_authority).Document();
        var other = new TestCredentials(_authority).Document();
        Assert.Contains("tunnel.privateKey: does not belong to tunnel.certificate",
            Why(document with { Tunnel = document.Tunnel! with { PrivateKey = other.Tunnel!.PrivateKey } }), StringComparison.Ordinal);
    }

    [Fact]
    public void IdentityAndMetadataMustAgree()
    {
        Assert.Contains("metadata.runnerId: is runner-1, and the certificate is of runner other",
            Why(new TestCredentials(_authority) { Spiffe = "spiffe://planton.test/org/org-1/runner/other" }.Document()), StringComparison.Ordinal);
        Assert.Contains("carries no runner identity",
            Why(new TestCredentials(_authority) { Spiffe = "spiffe://planton.test/org/org-1/user/runner-1" }.Document()), StringComparison.Ordinal);
        Assert.Contains("metadata.organization: does not agree",
            Why(new TestCredentials(_authority) { Spiffe = TestIdentity.OfPlatform.ToString() }.Document()), StringComparison.Ordinal);
    }

    [Fact]
    public void AnotherRunnersFileThanTheOneAskedForIsRefused()
    {
        _environment[CredentialsLocator.JsonVariable] = TestCredentials.Json(new TestCredentials(_authority).Document());
        var why = Refused(new CredentialsRequest("staging", "beta"), ExitCode.Configuration).Why;
        Assert.Contains("metadata.runner: is 'prod', and the command asks for 'staging'", why, StringComparison.Ordinal);
        Assert.Contains("metadata.organization: is 'acme', and the command asks for 'beta'", why, StringComparison.Ordinal);
    }

    [Fact]
    public void AnExpiredCertificateIsRefusedBeforeAnythingIsDialled()
    {
        _environment[CredentialsLocator.JsonVariable] = TestCredentials.Json(new TestCredentials(_authority) { ValidFor = TimeSpan.FromMinutes(-5) }.Document());
        Assert.Contains("the certificate expired at", Refused(new CredentialsRequest(), ExitCode.Refused).Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not json with pck_secret_inside")]
    [InlineData("{\"apiKey\": {\"pck_secret_inside\": 1}}")]
    [InlineData("null")]
    [InlineData("[]")]
    public void TextThatIsNoDocumentIsRefusedWithoutBeingQuoted(string text)
    {
        _environment[CredentialsLocator.JsonVariable] = text;
        Assert.DoesNotContain("pck_secret_inside", Refused(new CredentialsRequest(), ExitCode.Configuration).Why, StringComparison.Ordinal);
    }

    [Fact]
    public void NothingGivenNamesEveryWayToGiveIt()
    {
        var why = Refused(new CredentialsRequest(), ExitCode.Configuration).Why;
        foreach (var way in new[] { "--credentials-file", CredentialsLocator.FileVariable, CredentialsLocator.JsonVariable, "generate-credentials" })
            Assert.Contains(way, why, StringComparison.Ordinal);
    }

    private string Why(RunnerCredentials document)
    {
        _environment[CredentialsLocator.JsonVariable] = TestCredentials.Json(document);
        return Refused(new CredentialsRequest(), ExitCode.Configuration).Why;
    }

    private StartFailure Refused(CredentialsRequest request, int exitCode)
    {
        var attempt = Load(request);
        Assert.Null(attempt.Value);
        Assert.Equal(exitCode, attempt.Failure!.ExitCode);
        Assert.DoesNotContain("secretsecret", attempt.Failure.Why, StringComparison.Ordinal);
        Assert.DoesNotContain("BEGIN PRIVATE", attempt.Failure.Why, StringComparison.Ordinal);
        return attempt.Failure;
    }

    private Attempt<LoadedCredentials> Load(CredentialsRequest? request = null) =>
        new CredentialsLoader(new CredentialsLocator(_environment.GetValueOrDefault), new SecretMasker(), TimeProvider.System)
            .Load(request ?? new CredentialsRequest());
}
