using System.Text.Json.Nodes;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Fuzzing;

/// <summary>Bodies that are nearly right.</summary>
internal static class JsonDamage
{
    private static readonly string[] Values =
    [
        "null", "true", "0", "-1", "1e999", "123456789012345678901234567890", "\"\"", "[]", "{}", "[null]", "{\"\":null}", "[[[[[[[[]]]]]]]]", "\"\\ud800\"", "\"\\u0000\"",
    ];

    /// <summary>Each place of the body, once with each of the values that do not belong there.</summary>
    public static IEnumerable<string> OfEachPlace(JsonNode body)
    {
        var places = Places(body, []).ToList();
        foreach (var place in places)
        {
            foreach (var value in Values.Concat(HostileText.Pieces.Select(HostileText.Json)))
                yield return With(body, place, value);
        }
    }

    /// <summary>The body with bytes changed, cut, doubled or put in at random.</summary>
    public static byte[] AtRandom(byte[] body, Random random)
    {
        var bytes = body.ToList();
        for (var change = random.Next(1, 6); change > 0 && bytes.Count > 1; change--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(4))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, random.Next(1, bytes.Count - at + 1));
                    break;
                case 2:
                    bytes.InsertRange(at, bytes.GetRange(at, random.Next(1, bytes.Count - at + 1)));
                    break;
                default:
                    bytes.Insert(at, (byte)"{}[]\":,\\\0"[random.Next(9)]);
                    break;
            }
        }

        return [.. bytes];
    }

    private static IEnumerable<object[]> Places(JsonNode? node, object[] path)
    {
        yield return path;
        var children = node switch
        {
            JsonObject o => o.Select(p => ((object)p.Key, p.Value)),
            JsonArray a => a.Select((value, index) => ((object)index, value)),
            _ => [],
        };
        foreach (var (key, child) in children)
        {
            foreach (var deeper in Places(child, [.. path, key]))
                yield return deeper;
        }
    }

    // As text, because not all of the values can be nodes.
    private static string With(JsonNode body, object[] path, string value)
    {
        const string Mark = "the place";
        if (path.Length == 0)
            return value;
        var copy = body.DeepClone();
        var parent = path[..^1].Aggregate(copy, (node, key) => key is int index ? node[index]! : node[(string)key]!);
        if (path[^1] is int last)
            parent[last] = Mark;
        else
            parent[(string)path[^1]] = Mark;
        return copy.ToJsonString().Replace($"\"{Mark}\"", value, StringComparison.Ordinal);
    }
}
