using System.Text.Json;
using System.Text.Json.Serialization;
using Planton.Cli.Kubectl.Resources;

namespace Planton.Cli.Kubectl.Discovery;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(KubernetesResource[]))]
internal sealed partial class DiscoveryJson : JsonSerializerContext;
