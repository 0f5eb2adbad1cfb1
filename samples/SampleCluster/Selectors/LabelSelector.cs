using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SampleCluster.Objects;

namespace SampleCluster.Selectors;

/// <summary><c>app=web,tier!=db,env in (a, b),!canary</c>.</summary>
internal sealed partial class LabelSelector
{
    private IReadOnlyList<LabelRequirement> _requirements = [];

    /// <summary>Reads <paramref name="text"/>; false with the fault when it is not a selector.</summary>
    public static bool TryParse(string? text, out LabelSelector selector, out string fault)
    {
        selector = new LabelSelector();
        fault = "";
        var requirements = new List<LabelRequirement>();
        foreach (var part in CommaOutsideParentheses().Split(text ?? "").Select(p => p.Trim()).Where(p => p.Length > 0))
        {
            if (ParseOne(part) is not { } requirement)
            {
                fault = $"unable to parse requirement: {part}";
                return false;
            }

            requirements.Add(requirement);
        }

        selector._requirements = requirements;
        return true;
    }

    public bool Matches(JsonObject json) => _requirements.All(r => r.Holds(json.Text("metadata", "labels", r.Key)));

    private static LabelRequirement? ParseOne(string part)
    {
        if (SetForm().Match(part) is { Success: true } set)
            return new(set.Groups[1].Value, set.Groups[3].Value.Split(',').Select(v => v.Trim()).ToArray(), set.Groups[2].Value == "in");
        if (EqualityForm().Match(part) is { Success: true } equality)
            return new(equality.Groups[1].Value, [equality.Groups[3].Value], equality.Groups[2].Value != "!=");
        return ExistenceForm().Match(part) is { Success: true } existence
            ? new(existence.Groups[2].Value, null, existence.Groups[1].Value.Length == 0)
            : null;
    }

    [GeneratedRegex(@",(?![^(]*\))")]
    private static partial Regex CommaOutsideParentheses();

    [GeneratedRegex(@"^([\w./-]+)\s+(in|notin)\s*\(([^()]*)\)$")]
    private static partial Regex SetForm();

    [GeneratedRegex(@"^([\w./-]+)\s*(==|!=|=)\s*([\w.-]*)$")]
    private static partial Regex EqualityForm();

    [GeneratedRegex(@"^(!?)\s*([\w./-]+)$")]
    private static partial Regex ExistenceForm();
}
