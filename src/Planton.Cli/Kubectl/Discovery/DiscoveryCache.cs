using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Planton.Cli.Configuration;
using Planton.Cli.Files;
using Planton.Cli.Kubectl.Resources;

namespace Planton.Cli.Kubectl.Discovery;

/// <summary>What a cluster's discovery said, kept under <c>~/.planton/cache</c> for a while.</summary>
internal sealed class DiscoveryCache(PlantonHome home, string address, TimeProvider clock)
{
    /// <summary>A type that appears meanwhile is found all the same: a miss asks the cluster again.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(10);

    private readonly string _file = Path.Combine(
        home.Cache, "discovery", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(address)))[..32] + ".json");

    /// <summary>Null when there is none, or it is too old, or it cannot be read.</summary>
    public ResourceIndex? Load()
    {
        try
        {
            var file = new FileInfo(_file);
            var age = clock.GetUtcNow() - file.LastWriteTimeUtc;
            if (!file.Exists || age > MaxAge || age < -MaxAge)
                return null;
            return JsonSerializer.Deserialize(File.ReadAllBytes(_file), DiscoveryJson.Default.KubernetesResourceArray) is { } resources
                ? new ResourceIndex(resources)
                : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    public void Save(IReadOnlyList<KubernetesResource> resources)
    {
        try
        {
            PrivateFile.Write(_file, JsonSerializer.Serialize([.. resources], DiscoveryJson.Default.KubernetesResourceArray));
            File.SetLastWriteTimeUtc(_file, clock.GetUtcNow().UtcDateTime);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Without a cache the next command is slower, that is all.
        }
    }
}
