using System.Text;
using Planton.Api;
using Planton.Cli.Data;
using Planton.Cli.Data.Json;
using Planton.Cli.Data.Yaml;
using Planton.Cli.Kubectl.Getting;

namespace Planton.Cli.Kubectl.Printing;

/// <summary>Prints whole objects: JSON, YAML, or the name alone.</summary>
internal sealed class ObjectPrinter(GetOutput format, TextWriter output)
{
    private bool _printed;

    public void Print(DataNode node)
    {
        var text = new StringBuilder();
        switch (format)
        {
            case GetOutput.Json:
                new GoJsonWriter(text).Write(node);
                text.Append('\n');
                break;
            case GetOutput.Yaml:
                if (_printed)
                    text.Append("---\n");
                new YamlWriter(text).Write(node);
                break;
            default:
                AppendNames(text, node);
                break;
        }

        _printed = true;
        output.Write(text);
    }

    /// <summary>An event of a watch on one line of JSON, or as a document of YAML.</summary>
    public void PrintEvent(string type, DataNode node)
    {
        var text = new StringBuilder();
        var wrapped = new DataMap(("type", new DataText(type)), ("object", node));
        if (format == GetOutput.Name)
            AppendNames(text, node);
        else if (format == GetOutput.Json)
            new GoJsonWriter(text).WriteCompact(wrapped);
        if (format == GetOutput.Json)
            text.Append('\n');
        if (format == GetOutput.Yaml)
        {
            if (_printed)
                text.Append("---\n");
            new YamlWriter(text).Write(wrapped);
        }

        _printed = true;
        output.Write(text);
    }

    private static void AppendNames(StringBuilder text, DataNode node)
    {
        if (node["items"] is DataList list)
        {
            foreach (var item in list.Values)
                AppendNames(text, item);
            return;
        }

        var version = node["apiVersion"]?.Text ?? "";
        var slash = version.IndexOf('/', StringComparison.Ordinal);
        var kind = (node["kind"]?.Text ?? "<unknown>").ToLowerInvariant() + (slash > 0 ? "." + version[..slash] : "");
        var name = node["metadata"]?["name"]?.Text is { Length: > 0 } known ? known : "<unknown>";
        text.Append(SafeText.OneLine($"{kind}/{name}")).Append('\n');
    }
}
