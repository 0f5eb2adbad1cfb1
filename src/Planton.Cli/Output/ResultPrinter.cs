using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Planton.Api;
using Planton.Cli.Data.Json;
using Planton.Cli.Data.Yaml;
using Planton.Cli.Invocation;

namespace Planton.Cli.Output;

/// <summary>Prints a result in the format that was asked for.</summary>
internal static class ResultPrinter
{
    /// <summary>Prints <paramref name="value"/> as it is in the API, or by <paramref name="table"/>, or the names in it.</summary>
    public static int Print<T>(
        CommandContext context, OutputFormat format, T value, JsonTypeInfo<T> type, Action<TextWriter> table, params IEnumerable<string> names)
    {
        var output = context.Console.Out;
        switch (format)
        {
            case OutputFormat.Json:
                output.WriteLine(JsonSerializer.Serialize(value, type));
                break;
            case OutputFormat.Yaml:
                output.Write(YamlWriter.ToText(JsonDataReader.Read(JsonSerializer.SerializeToUtf8Bytes(value, type)), sortKeys: false));
                break;
            case OutputFormat.Name:
                foreach (var name in names)
                    output.WriteLine(SafeText.OneLine(name));
                break;
            default:
                table(output);
                break;
        }

        return ExitCode.Ok;
    }
}
