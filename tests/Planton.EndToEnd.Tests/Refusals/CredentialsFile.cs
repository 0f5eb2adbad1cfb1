using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Planton.Api;
using Planton.Api.Runners;

namespace Planton.EndToEnd.Tests.Refusals;

/// <summary>Reads and falsifies <c>credentials.json</c>.</summary>
internal static class CredentialsFile
{
    public static RunnerCredentials Read(string file) =>
        JsonSerializer.Deserialize(File.ReadAllBytes(file), PlantonJson.Default.RunnerCredentials)!;

    /// <summary>Writes a changed copy beside the file, and returns it.</summary>
    public static string Falsify(string file, Func<RunnerCredentials, RunnerCredentials> change)
    {
        var copy = $"{file}.{Guid.NewGuid():N}";
        File.WriteAllBytes(copy, JsonSerializer.SerializeToUtf8Bytes(change(Read(file)), PlantonJson.Default.RunnerCredentials));
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(copy, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return copy;
    }

    public static RunnerCredentials WithCertificate(this RunnerCredentials credentials, X509Certificate2 certificate)
    {
        using var key = certificate.GetECDsaPrivateKey()!;
        return credentials with
        {
            Tunnel = credentials.Tunnel! with { Certificate = certificate.ExportCertificatePem(), PrivateKey = key.ExportPkcs8PrivateKeyPem() },
        };
    }
}
