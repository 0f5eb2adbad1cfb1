using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Planton.Api;
using Planton.Api.Runners;

namespace Planton.Runner.Tests.Fixtures;

/// <summary>Credentials documents as a control plane makes them.</summary>
internal sealed class TestCredentials(TestAuthority authority)
{
    public const string ApiKey = "pck_publicid_secretsecretsecret";

    public string Spiffe { get; init; } = TestIdentity.OfOrganization.ToString();

    public TimeSpan ValidFor { get; init; } = TimeSpan.FromDays(1);

    public string ControlPlane { get; init; } = "https://127.0.0.1:1";

    public string Tunnel { get; init; } = "127.0.0.1:1";

    public RunnerCredentials Document()
    {
        using var certificate = authority.Client("runner", Spiffe, ValidFor);
        using var key = certificate.GetECDsaPrivateKey()!;
        return new RunnerCredentials
        {
            Metadata = new RunnerCredentialsMetadata { Id = "cred-1", Organization = "acme", Runner = "prod", RunnerId = TestIdentity.Runner },
            ControlPlane = new ControlPlaneEndpoint { Endpoint = ControlPlane, CaCertificates = authority.Pem },
            Tunnel = new TunnelCredentials
            {
                Endpoint = Tunnel,
                CaCertificates = authority.Pem,
                Certificate = certificate.ExportCertificatePem(),
                PrivateKey = key.ExportPkcs8PrivateKeyPem(),
            },
            ApiKey = ApiKey,
        };
    }

    public static string Json(RunnerCredentials document) => JsonSerializer.Serialize(document, PlantonJson.Default.RunnerCredentials);

    /// <summary>Writes a document with the mode that the runner wants.</summary>
    public static string Write(string path, string json)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, json);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return path;
    }
}
