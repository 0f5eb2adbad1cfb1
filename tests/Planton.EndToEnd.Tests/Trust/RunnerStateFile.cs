using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace Planton.EndToEnd.Tests.Trust;

/// <summary>What a runner has kept in its <c>--state-dir</c>.</summary>
internal sealed record RunnerStateFile
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    public string? CredentialId { get; init; }

    public string? Certificate { get; init; }

    public string? PrivateKey { get; init; }

    public string? CaCertificates { get; init; }

    /// <summary>How many authorities it trusts.</summary>
    public int Authorities
    {
        get
        {
            var roots = new X509Certificate2Collection();
            roots.ImportFromPem(CaCertificates);
            return roots.Count;
        }
    }

    /// <summary>Reads the only file of the folder; null while there is none.</summary>
    public static RunnerStateFile? Read(string folder) =>
        PathIn(folder) is { } file ? JsonSerializer.Deserialize<RunnerStateFile>(File.ReadAllBytes(file), Options) : null;

    /// <summary>The only file of the folder; null while there is none.</summary>
    public static string? PathIn(string folder) =>
        Directory.Exists(folder) && Directory.GetFiles(folder, "certificate-*.json") is { Length: > 0 } files ? Assert.Single(files) : null;

    /// <summary>The renewed certificate, with its key; null while there is none.</summary>
    public X509Certificate2? Open() => Certificate is null ? null : X509Certificate2.CreateFromPem(Certificate, PrivateKey);

    /// <summary>Without the key.</summary>
    public override string ToString() => $"state of credential {CredentialId}";
}
