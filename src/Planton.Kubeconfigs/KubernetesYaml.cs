using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Planton.Kubeconfigs;

/// <summary>
/// Reads YAML (and so JSON) as the tools of Kubernetes do, which turn it into JSON by the rules of YAML 1.1: <c>yes</c> and <c>on</c>
/// are true, <c>&lt;&lt;</c> merges, of a key that is there twice the last counts, and only the first document is read. Event by
/// event, with bounds: the library's own trees are built by recursion without one, and a few aliases make a huge tree.
/// </summary>
internal static partial class KubernetesYaml
{
    private const int MaxDepth = 64;

    /// <summary>With what aliases repeat.</summary>
    private const int MaxNodes = 200_000;

    /// <summary>The first document; null when it is empty.</summary>
    /// <param name="text">The text.</param>
    /// <param name="more">Whether another document follows.</param>
    /// <exception cref="YamlException">It is no YAML, or past a bound. Its message may quote the text, but for the bounds'.</exception>
    public static JsonNode? Read(string text, out bool more)
    {
        var parser = new Parser(new StringReader(text));
        more = false;
        parser.Consume<StreamStart>();
        if (!parser.TryConsume<DocumentStart>(out _))
            return null;
        var root = new Reading(parser).Node(0).Node;
        parser.Consume<DocumentEnd>();
        more = parser.Accept<DocumentStart>(out _);
        return root;
    }

    // Null means a text: what has another meaning is told by its form, in the order in which the library tries.
    private static JsonNode? Resolve(string plain) => plain switch
    {
        "" or "~" or "null" or "Null" or "NULL" => null,
        "y" or "Y" or "yes" or "Yes" or "YES" or "true" or "True" or "TRUE" or "on" or "On" or "ON" => JsonValue.Create(true),
        "n" or "N" or "no" or "No" or "NO" or "false" or "False" or "FALSE" or "off" or "Off" or "OFF" => JsonValue.Create(false),
        _ => Number(plain) ?? JsonValue.Create(plain),
    };

    private static JsonValue? Number(string plain)
    {
        if (!char.IsAsciiDigit(plain[0]) && plain[0] is not ('+' or '-' or '.'))
            return null;
        var text = plain.Replace("_", "", StringComparison.Ordinal);
        if (Integer(text) is { } integer)
            return integer;
        // What is no number in JSON stays the text that it is.
        return Float().IsMatch(text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? JsonValue.Create(number)
            : null;
    }

    private static JsonValue? Integer(string text)
    {
        var negative = text.StartsWith('-');
        var digits = text.TrimStart('-', '+');
        if (text.Length - digits.Length > 1 || digits.Length == 0 || !char.IsAsciiDigit(digits[0]))
            return null;
        var (radix, rest) = digits switch
        {
            ['0', 'x' or 'X', ..] => (16, digits[2..]),
            ['0', 'b' or 'B', ..] => (2, digits[2..]),
            ['0', 'o' or 'O', ..] => (8, digits[2..]),
            ['0', _, ..] => (8, digits[1..]),
            _ => (10, digits),
        };
        if (rest.Length == 0)
            return null;
        ulong value = 0;
        foreach (var c in rest)
        {
            var digit = char.IsAsciiHexDigit(c) ? Convert.ToInt32(c.ToString(), 16) : radix;
            if (digit >= radix || value > (ulong.MaxValue - (ulong)digit) / (ulong)radix)
                return null;
            value = (value * (ulong)radix) + (ulong)digit;
        }

        if (!negative)
            return JsonValue.Create(value);
        return value <= 1UL << 63 ? JsonValue.Create(unchecked(-(long)value)) : null;
    }

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Float();

    private sealed class Reading(Parser parser)
    {
        private readonly Dictionary<string, (JsonNode? Node, int Count)> _anchors = new(StringComparer.Ordinal);
        private int _nodes;

        public (JsonNode? Node, int Count) Node(int depth)
        {
            if (depth > MaxDepth)
                throw Fault("it is nested too deeply");
            if (parser.TryConsume<AnchorAlias>(out var alias))
                return Repeat(alias);
            var anchor = parser.Accept<NodeEvent>(out var start) && !start.Anchor.IsEmpty ? start.Anchor.Value : null;
            Count(1);
            var before = _nodes;
            var node = parser.TryConsume<Scalar>(out var scalar) ? Scalar(scalar)
                : parser.TryConsume<SequenceStart>(out _) ? Sequence(depth)
                : Mapping(depth);
            var read = (node, _nodes - before + 1);
            if (anchor is not null)
                _anchors[anchor] = read;
            return read;
        }

        private (JsonNode? Node, int Count) Repeat(AnchorAlias alias)
        {
            if (!_anchors.TryGetValue(alias.Value.Value, out var anchored))
                throw new YamlException(alias.Start, alias.End, "an alias has no anchor before it");
            Count(anchored.Count);
            return (anchored.Node?.DeepClone(), anchored.Count);
        }

        private JsonArray Sequence(int depth)
        {
            var list = new JsonArray();
            while (!parser.TryConsume<SequenceEnd>(out _))
                list.Add(Node(depth + 1).Node);
            return list;
        }

        private JsonObject Mapping(int depth)
        {
            parser.Consume<MappingStart>();
            var map = new JsonObject();
            while (!parser.TryConsume<MappingEnd>(out _))
            {
                if (!parser.Accept<Scalar>(out var key))
                {
                    var named = Node(depth + 1).Node;
                    if (named is not JsonValue value)
                        throw Fault("a key is not a text");
                    map[value.ToString()] = Node(depth + 1).Node;
                    continue;
                }

                parser.MoveNext();
                if (!key.Anchor.IsEmpty)
                    _anchors[key.Anchor.Value] = (Scalar(key), 1);
                var member = Node(depth + 1).Node;
                if (key is { Style: ScalarStyle.Plain, Value: "<<" })
                    Merge(map, member);
                else
                    map[key.Value] = member;
            }

            return map;
        }

        // Where it stands: it replaces what is before it, and is replaced by what follows. Of several the first goes before the others.
        private void Merge(JsonObject map, JsonNode? from)
        {
            foreach (var one in from is JsonArray several ? several.Reverse().ToArray() : [from])
            {
                if (one is not JsonObject members)
                    throw Fault("'<<' merges something that is not a mapping");
                foreach (var (name, value) in members)
                    map[name] = value?.DeepClone();
            }
        }

        private JsonNode? Scalar(Scalar scalar)
        {
            if (scalar.Tag.IsEmpty)
                return scalar.Style == ScalarStyle.Plain ? Resolve(scalar.Value) : JsonValue.Create(scalar.Value);
            return scalar.Tag.IsNonSpecific ? JsonValue.Create(scalar.Value) : scalar.Tag.Value switch
            {
                "tag:yaml.org,2002:binary" => Binary(scalar),
                "tag:yaml.org,2002:bool" or "tag:yaml.org,2002:int" or "tag:yaml.org,2002:float" or "tag:yaml.org,2002:null" => Resolve(scalar.Value),
                _ => JsonValue.Create(scalar.Value),
            };
        }

        private static JsonValue Binary(Scalar scalar)
        {
            try
            {
                return JsonValue.Create(Encoding.UTF8.GetString(Convert.FromBase64String(scalar.Value)));
            }
            catch (FormatException)
            {
                throw new YamlException(scalar.Start, scalar.End, "a !!binary is not base64");
            }
        }

        private void Count(int nodes)
        {
            _nodes += nodes;
            if (_nodes > MaxNodes)
                throw Fault("it is too large, or its aliases repeat too much");
        }

        private YamlException Fault(string why) => new(parser.Current?.Start ?? Mark.Empty, parser.Current?.End ?? Mark.Empty, why);
    }
}
