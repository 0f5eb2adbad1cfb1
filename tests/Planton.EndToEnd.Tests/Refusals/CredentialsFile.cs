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
    public static string Falsify(string file, Func<RunnerCredentials, RunnerCredentials> change) =>
        Write($"{file}.{Guid.NewGuid():N}", change(Read(file)));

    /// <summary>Writes a document that its owner alone can read, and returns the file.</summary>
    public static string Write(string file, RunnerCredentials credentials)
    {
        File.WriteAllBytes(file, JsonSerializer.SerializeToUtf8Bytes(credentials, PlantonJson.Default.RunnerCredentials));
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return file;
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
