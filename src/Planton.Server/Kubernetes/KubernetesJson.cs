using System.Text.Json;
using System.Text.Json.Serialization;

namespace Planton.Server.Kubernetes;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(KubernetesStatus))]
internal sealed partial class KubernetesJson : JsonSerializerContext;
