using System.Text.Json;
using Planton.Api.Runners;
using Planton.Api.Server;

namespace Planton.Api.Tests;

public sealed class JsonShapeTests
{
    [Fact]
    public void AddressesAreWrittenAsDocumented() => Assert.Equal(
        """{"http":"http://127.0.0.1:41001","tunnel":"127.0.0.1:41002","pid":123}""",
        JsonSerializer.Serialize(new ServerAddresses("http://127.0.0.1:41001", "127.0.0.1:41002", 123), PlantonJson.Default.ServerAddresses));

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
}
