using System.Text.Json;
using System.Text.Json.Serialization;

namespace Planton.Cli.Versions;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, WriteIndented = true, NewLine = "\n")]
[JsonSerializable(typeof(VersionView))]
internal sealed partial class VersionJson : JsonSerializerContext;
