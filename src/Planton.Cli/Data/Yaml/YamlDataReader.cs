using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Planton.Cli.Data.Yaml;

/// <summary>Reads one YAML document into <see cref="DataNode"/>s.</summary>
internal static class YamlDataReader
{
    private const int MaxDepth = 64;

    /// <summary>Null, and what is wrong with it, when the text is not one YAML document.</summary>
    public static DataNode? Read(string text, out string? fault)
    {
        fault = null;
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            return stream.Documents.Count switch
            {
                0 => new DataMap(),
                1 => Convert(stream.Documents[0].RootNode, 0),
                _ => throw new YamlException("it holds more than one document"),
            };
        }
        catch (YamlException failure)
        {
            fault = $"line {failure.Start.Line}: {failure.Message}";
            return null;
        }
    }

    private static DataNode Convert(YamlNode node, int depth)
    {
        if (depth > MaxDepth)
            throw new YamlException(node.Start, node.End, "it is nested too deeply");
        switch (node)
        {
            case YamlMappingNode mapping:
                var map = new DataMap();
                foreach (var (key, value) in mapping.Children)
                    map.Entries[(key as YamlScalarNode)?.Value ?? ""] = Convert(value, depth + 1);
                return map;
            case YamlSequenceNode sequence:
                return new DataList([.. sequence.Children.Select(child => Convert(child, depth + 1))]);
            case YamlScalarNode { Style: ScalarStyle.Plain } scalar:
                return Resolve(scalar.Value ?? "");
            default:
                return new DataText((node as YamlScalarNode)?.Value ?? "");
        }
    }

    private static DataNode Resolve(string plain) => plain switch
    {
        "" or "~" or "null" or "Null" or "NULL" => DataNull.Instance,
        "true" or "True" or "TRUE" => new DataBool(true),
        "false" or "False" or "FALSE" => new DataBool(false),
        _ when long.TryParse(plain, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) => new DataNumber(plain),
        _ => new DataText(plain),
    };
}
