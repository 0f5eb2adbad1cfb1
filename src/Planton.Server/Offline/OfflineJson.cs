using System.Text.Json;
using System.Text.Json.Serialization;

namespace Planton.Server.Offline;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, WriteIndented = true)]
[JsonSerializable(typeof(IReadOnlyList<AuthorityRow>))]
internal sealed partial class OfflineJson : JsonSerializerContext;
