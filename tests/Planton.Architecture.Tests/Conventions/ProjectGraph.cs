using System.Xml.Linq;

namespace Planton.Architecture.Tests.Conventions;

/// <summary>Which project may know which.</summary>
internal static class ProjectGraph
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Planton.Api"] = [],
        ["Planton.Tunnel"] = [],
        ["Planton.Cli"] = ["Planton.Api"],
        ["Planton.Runner"] = ["Planton.Api", "Planton.Tunnel"],
        ["Planton.Server"] = ["Planton.Api", "Planton.Tunnel"],
        ["SampleCluster"] = [],
    };

    private static readonly string[] Programs = ["Planton.Cli", "Planton.Runner", "Planton.Server", "SampleCluster"];

    public static IEnumerable<string> Violations(SourceTree tree)
    {
        foreach (var (path, text) in tree.Projects)
        {
            var project = Path.GetFileNameWithoutExtension(path);
            foreach (var reference in References(text))
            {
                if (!path.StartsWith("tests/", StringComparison.Ordinal))
                {
                    if (!Allowed.TryGetValue(project, out var allowed))
                        yield return $"{path}: is not in the table of projects";
                    else if (!allowed.Contains(reference))
                        yield return $"{path}: must not reference {reference}";
                }
                else if (Programs.Contains(reference) && OwnTests(reference) != project)
                {
                    yield return $"{path}: only {OwnTests(reference)} may reference the program {reference}";
                }
            }
        }
    }

    private static string OwnTests(string program) => program == "SampleCluster" ? "Planton.SampleCluster.Tests" : program + ".Tests";

    // A program that is only built before, to be run, is not linked.
    private static IEnumerable<string> References(string project) => XDocument.Parse(project).Descendants("ProjectReference")
        .Where(r => (string?)r.Attribute("ReferenceOutputAssembly") != "false")
        .Select(r => Path.GetFileNameWithoutExtension(((string?)r.Attribute("Include") ?? "").Replace('\\', '/')));
}
