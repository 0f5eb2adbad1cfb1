using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Planton.Server.Connections.Inline;

/// <summary>
/// Reads YAML (and so JSON) from outside into a tree of texts. Event by event: the library's own trees are built by recursion
/// without a bound, and one deep document would end the server. Aliases are refused, because a few of them make a huge tree.
/// </summary>
internal static class YamlTree
{
    private const int MaxDepth = 32;

    /// <exception cref="YamlException">It is not one YAML document, or nested too deeply, or uses aliases.</exception>
    public static JsonNode? Read(string text)
    {
        var parser = new Parser(new StringReader(text));
        parser.Consume<StreamStart>();
        if (!parser.TryConsume<DocumentStart>(out _))
            return null;
        var root = Node(parser, 0);
        parser.Consume<DocumentEnd>();
        parser.Consume<StreamEnd>();
        return root;
    }

    private static JsonNode? Node(Parser parser, int depth)
    {
        if (depth > MaxDepth)
            throw Fault(parser, "it is nested too deeply");
        if (parser.TryConsume<Scalar>(out var scalar))
            return scalar is { Style: ScalarStyle.Plain, Value: "" or "~" or "null" or "Null" or "NULL" } ? null : JsonValue.Create(scalar.Value);
        if (parser.TryConsume<SequenceStart>(out _))
        {
            var list = new JsonArray();
            while (!parser.TryConsume<SequenceEnd>(out _))
                list.Add(Node(parser, depth + 1));
            return list;
        }

        if (!parser.TryConsume<MappingStart>(out _))
            throw Fault(parser, "aliases are not taken");
        var map = new JsonObject();
        while (!parser.TryConsume<MappingEnd>(out _))
            map[parser.Consume<Scalar>().Value] = Node(parser, depth + 1);
        return map;
    }

    private static YamlException Fault(Parser parser, string why) =>
        new(parser.Current?.Start ?? Mark.Empty, parser.Current?.End ?? Mark.Empty, why);
}
