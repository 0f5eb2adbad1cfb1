namespace Planton.Cli.Kubectl.Getting;

/// <summary>
/// What the arguments of <c>get</c> name: types (<c>TYPE,TYPE</c>), or objects (<c>TYPE NAME…</c>, <c>TYPE/NAME…</c>,
/// <c>TYPE,TYPE NAME…</c>). Rules and words of complaint are kubectl's.
/// </summary>
/// <param name="Types">The types to list; empty when objects are named.</param>
/// <param name="Objects">The objects, each by type and name.</param>
internal sealed record GetArguments(IReadOnlyList<string> Types, IReadOnlyList<(string Type, string Name)> Objects)
{
    /// <summary>The arguments, or what is wrong with them.</summary>
    public static (GetArguments? Arguments, string? Fault) Parse(IReadOnlyList<string> arguments, bool hasSelector)
    {
        if (arguments.Count == 0)
            return (null, "You must specify the type of resource to get, such as pods.");
        var slashes = arguments.Count(argument => argument.Contains('/', StringComparison.Ordinal));
        if (slashes > 0 && slashes != arguments.Count)
            return (null, "there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'planton kubectl get resource/<resource_name>' instead of 'planton kubectl get resource resource/<resource_name>')");
        if (slashes > 0)
            return ParsePairs(arguments, hasSelector);
        var types = Split(arguments[0]);
        if (arguments.Count == 1)
            return (new GetArguments(types, []), null);
        return hasSelector
            ? (null, "name cannot be provided when a selector is specified")
            : (new GetArguments([], [.. types.SelectMany(type => arguments.Skip(1).Select(name => (type, name)))]), null);
    }

    private static (GetArguments? Arguments, string? Fault) ParsePairs(IReadOnlyList<string> arguments, bool hasSelector)
    {
        if (hasSelector)
            return (null, "selectors and the all flag cannot be used when passing resource/name arguments");
        var pairs = new List<(string Type, string Name)>();
        foreach (var argument in arguments)
        {
            var parts = argument.Split('/');
            if (parts.Length != 2)
                return (null, "arguments in resource/name form may not have more than one slash");
            if (parts[0].Length == 0 || parts[1].Length == 0 || parts[0].Contains(',', StringComparison.Ordinal))
                return (null, "arguments in resource/name form must have a single resource and name");
            pairs.Add((parts[0], parts[1]));
        }

        return (new GetArguments([], pairs), null);
    }

    private static string[] Split(string types) => [.. types.Split(',').Distinct()];
}
