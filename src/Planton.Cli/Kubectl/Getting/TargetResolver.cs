using Planton.Cli.Kubectl.Discovery;

namespace Planton.Cli.Kubectl.Getting;

/// <summary>Turns typed words into resource types.</summary>
internal sealed class TargetResolver(ResourceCatalog catalog)
{
    /// <summary>The targets, in the order typed; or the word that the server has no type for.</summary>
    public async Task<(IReadOnlyList<GetTarget> Targets, string? Unknown)> ResolveAsync(GetArguments arguments, CancellationToken cancellationToken)
    {
        var targets = new List<GetTarget>();
        foreach (var word in arguments.Types)
        {
            if (await catalog.ExpandAsync(word, cancellationToken).ConfigureAwait(false) is { } members)
                targets.AddRange(members.Select(member => new GetTarget(member, null, member.QualifiedName)));
            else if (await catalog.FindAsync(word, cancellationToken).ConfigureAwait(false) is { } resource)
                targets.Add(new GetTarget(resource, null, word));
            else
                return ([], word);
        }

        foreach (var (word, name) in arguments.Objects)
        {
            if (await catalog.FindAsync(word, cancellationToken).ConfigureAwait(false) is not { } resource)
                return ([], word);
            targets.Add(new GetTarget(resource, name, word));
        }

        // po,pods is one list; pod/x pod/x is the same object twice, as asked.
        return ([.. targets.Where((target, at) => target.Name is not null || !targets.Take(at).Any(earlier => earlier.Resource.IsSameType(target.Resource)))], null);
    }
}
