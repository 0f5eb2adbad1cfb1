using System.Text.Json;
using System.Text.Json.Serialization;
using Planton.Api;

namespace Planton.Cli.Contexts;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, WriteIndented = true, NewLine = "\n")]
[JsonSerializable(typeof(ContextView))]
[JsonSerializable(typeof(ListResponse<ContextView>))]
internal sealed partial class ContextJson : JsonSerializerContext;
