using System.Text.Json;
using System.Text.Json.Serialization;

namespace Planton.Tunnel.Protocol;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(RunnerGreeting))]
[JsonSerializable(typeof(LinkEvent))]
internal sealed partial class TunnelJson : JsonSerializerContext;
