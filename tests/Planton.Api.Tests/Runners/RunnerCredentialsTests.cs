using System.Text.Json;
using Planton.Api.Runners;

namespace Planton.Api.Tests.Runners;

public sealed class RunnerCredentialsTests
{
    private const string Certificate = "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n";
    private const string Key = "-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----\n";

    private static readonly RunnerCredentials Good = new()
    {
        Metadata = new RunnerCredentialsMetadata { Id = "c1", Organization = "acme", Runner = "prod", RunnerId = "r1" },
        ControlPlane = new ControlPlaneEndpoint { Endpoint = "https://planton.example.com" },
        Tunnel = new TunnelCredentials { Endpoint = "tunnel.example.com:443", CaCertificates = Certificate, Certificate = Certificate, PrivateKey = Key },
        ApiKey = "pck_abc",
    };

    [Fact]
    public void ACompleteDocumentHasNoFault() => Assert.Empty(Good.Validate());

    [Fact]
    public void APlatformRunnersDocumentHasNoOrganization() =>
        Assert.Empty((Good with { Metadata = Good.Metadata! with { Organization = null } }).Validate());

    [Fact]
    public void EveryMissingFieldIsNamedAtOnce() => Assert.Equal(
        [
            "metadata.id: is missing", "metadata.runner: is missing", "metadata.runnerId: is missing", "controlPlane.endpoint: is missing",
            "tunnel.endpoint: is missing", "tunnel.caCertificates: is missing", "tunnel.certificate: is missing", "tunnel.privateKey: is missing",
            "apiKey: is missing",
        ],
        new RunnerCredentials().Validate());

    public static TheoryData<RunnerCredentials, string> Faulty => new()
    {
        { Good with { ApiVersion = "planton.dev/v2" }, "apiVersion: is not planton.dev/v1" },
        { Good with { ApiVersion = null }, "apiVersion: is missing" },
        { Good with { Kind = "Secret" }, "kind: is not RunnerCredentials" },
        { Good with { ApiKey = "sk_1" }, "apiKey: does not begin with pck_" },
        { Good with { ApiKey = "  " }, "apiKey: is missing" },
        { Good with { ControlPlane = new ControlPlaneEndpoint { Endpoint = "ftp://x" } }, "controlPlane.endpoint: is not an http or https URL" },
        { Good with { ControlPlane = new ControlPlaneEndpoint { Endpoint = "planton.example.com" } }, "controlPlane.endpoint: is not an http or https URL" },
        { Good with { Tunnel = Good.Tunnel! with { Endpoint = "tunnel.example.com" } }, "tunnel.endpoint: is not host:port" },
        { Good with { Tunnel = Good.Tunnel! with { CaCertificates = "AA==" } }, "tunnel.caCertificates: is not a PEM CERTIFICATE" },
        { Good with { Tunnel = Good.Tunnel! with { Certificate = Key } }, "tunnel.certificate: is not a PEM CERTIFICATE" },
        { Good with { Tunnel = Good.Tunnel! with { PrivateKey = Certificate } }, "tunnel.privateKey: is not a PEM PRIVATE KEY" },
    };

    [Theory]
    [MemberData(nameof(Faulty), DisableDiscoveryEnumeration = true)]
    public void AFaultBeginsWithTheFieldsPath(RunnerCredentials document, string fault) => Assert.Equal([fault], document.Validate());

    [Fact]
    public void NoFaultShowsASecret()
    {
        var document = Good with { ApiKey = "very-secret", Tunnel = Good.Tunnel! with { PrivateKey = "also-secret" } };
        Assert.Equal(2, document.Validate().Count);
        Assert.DoesNotContain(document.Validate(), f => f.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public void TheDocumentHasTheFieldsOfTheFile_AndIgnoresOthers()
    {
        var json = JsonSerializer.Serialize(Good, PlantonJson.Indented.RunnerCredentials);
        using var parsed = JsonDocument.Parse(json);
        Assert.Equal(
            ["apiVersion", "kind", "metadata", "controlPlane", "tunnel", "apiKey"], parsed.RootElement.EnumerateObject().Select(p => p.Name));
        Assert.DoesNotContain('\r', json);
        var read = JsonSerializer.Deserialize(json.Replace("\"kind\"", "\"new\": {\"x\": 1}, \"kind\"", StringComparison.Ordinal), PlantonJson.Default.RunnerCredentials);
        Assert.Equal(Good, read);
    }
}
