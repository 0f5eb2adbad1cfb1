using System.Text.Json;
using Planton.Api.ApiKeys;
using Planton.Api.Credentials;
using Planton.Api.DefaultRunners;
using Planton.Api.Identity;
using Planton.Api.Routing;
using Planton.Api.Runners;
using Planton.Api.Server;
using Planton.Api.Users;

namespace Planton.Api.Tests;

public sealed class JsonShapeTests
{
    [Fact]
    public void AddressesAreWrittenAsDocumented() => Assert.Equal(
        """{"http":"http://127.0.0.1:41001","tunnel":"127.0.0.1:41002","pid":123}""",
        JsonSerializer.Serialize(new ServerAddresses("http://127.0.0.1:41001", "127.0.0.1:41002", 123), PlantonJson.Default.ServerAddresses));

    [Fact]
    public void TheListenerOfTheMetricsIsWritten_WhenThereIsOne() => Assert.Equal(
        """{"http":"http://127.0.0.1:41001","tunnel":"127.0.0.1:41002","pid":123,"metrics":"127.0.0.1:41003"}""",
        JsonSerializer.Serialize(new ServerAddresses("http://127.0.0.1:41001", "127.0.0.1:41002", 123, "127.0.0.1:41003"), PlantonJson.Default.ServerAddresses));

    [Fact]
    public void ARunnerThatNeverConnectedHasNoTimes()
    {
        var runner = new Runner { Id = "r1", Name = "prod", CreatedAt = DateTimeOffset.UnixEpoch, Status = RunnerStatus.NeverConnected };
        Assert.Equal(
            """{"id":"r1","name":"prod","createdAt":"1970-01-01T00:00:00+00:00","status":"never-connected","tunnels":[],"validCredentials":0}""",
            JsonSerializer.Serialize(runner, PlantonJson.Default.Runner));
    }

    [Fact]
    public void WhenARequiredFieldIsMissing_ReadingFails() =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize("""{"id":"r1"}""", PlantonJson.Default.Runner));

    [Fact]
    public void WhenTheDocumentsVersionIsMissing_ItIsNotTakenForTheCurrentOne()
    {
        var document = JsonSerializer.Deserialize("{}", PlantonJson.Default.RunnerCredentials)!;
        Assert.Contains("apiVersion: is missing", document.Validate());
        Assert.Contains("kind: is missing", document.Validate());
    }

    [Fact]
    public void ACredentialIsWrittenWithoutWhatDidNotHappen()
    {
        var credential = new RunnerCredential
        {
            Id = "c1",
            CertificateSerial = "0A",
            ApiKeyId = "k1",
            CreatedBy = new Actor("user", "ada"),
            CreatedAt = DateTimeOffset.UnixEpoch,
            ExpiresAt = DateTimeOffset.UnixEpoch,
        };
        Assert.Equal(
            """{"id":"c1","certificateSerial":"0A","apiKeyId":"k1","createdBy":{"kind":"user","name":"ada"},"createdAt":"1970-01-01T00:00:00+00:00","expiresAt":"1970-01-01T00:00:00+00:00","connected":0}""",
            JsonSerializer.Serialize(new ListResponse<RunnerCredential>([credential]), PlantonJson.Default.ListResponseRunnerCredential)["{\"items\":[".Length..^2]);
        Assert.Equal(
            """{"credentials":1,"apiKeys":2,"tunnels":3,"operations":4}""",
            JsonSerializer.Serialize(new RevocationSummary(1, 2, 3, 4), PlantonJson.Default.RevocationSummary));
    }

    [Fact]
    public void ADefaultRunnerNamesItsLevel() => Assert.Equal(
        """{"effective":{"runner":"prod","level":"platform"},"platform":"prod"}""",
        JsonSerializer.Serialize(
            new DefaultRunner(new EffectiveDefaultRunner("prod", RouteLevelName.Platform), null, "prod"), PlantonJson.Default.DefaultRunner));

    [Fact]
    public void ANewKeyIsInTheJson_AndNotInTheTextOfTheAnswer()
    {
        var stored = new ApiKey { Id = "k1", Fingerprint = "f00d", CreatedAt = DateTimeOffset.UnixEpoch };
        var made = new CreateApiKeyResponse(stored, "pck_secret");
        Assert.Equal(
            """{"apiKey":{"id":"k1","fingerprint":"f00d","createdAt":"1970-01-01T00:00:00+00:00"},"key":"pck_secret"}""",
            JsonSerializer.Serialize(made, PlantonJson.Default.CreateApiKeyResponse));
        Assert.DoesNotContain("secret", made.ToString(), StringComparison.Ordinal);
        var user = new CreateUserResponse(new User("u1", "ada", false, DateTimeOffset.UnixEpoch), stored, "pck_secret");
        Assert.DoesNotContain("secret", user.ToString(), StringComparison.Ordinal);
    }
}
