using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Planton.Api;

namespace Planton.Cli.Output;

/// <summary>The API's JSON as people read it: indented, and with PEM and names unescaped.</summary>
internal static class CliJson
{
    public static PlantonJson Readable { get; } = new(Options(indented: true));

    /// <summary>The same with a value a line, for streams.</summary>
    public static PlantonJson Line { get; } = new(Options(indented: false));

    private static JsonSerializerOptions Options(bool indented) => new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        // The output is JSON, never part of a page of HTML, and a PEM's "+" should stay one.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = indented,
        NewLine = "\n",
    };
}
