using System.Globalization;
using Planton.Cli.Data;
using Planton.Cli.Kubectl.Discovery;
using Planton.Cli.Kubectl.Requests;

namespace Planton.Cli.Kubectl.Getting;

/// <summary>Reads the targets of a <c>get</c>, several at a time.</summary>
internal sealed class GetFetcher(KubernetesClient client, ResourceCatalog catalog, GetOptions options)
{
    private const int MaxConcurrentRequests = 8;

    private string Accept => options.IsTable ? KubernetesClient.TableAccept : KubernetesClient.JsonAccept;

    private string? Namespace => options.AllNamespaces ? null : options.Namespace;

    /// <summary>Only these columns need the objects' metadata; without it the answer is a third of the size.</summary>
    private bool NeedsMetadata => options.AllNamespaces || options.ShowLabels || options.LabelColumns.Count > 0 || options.Watch || options.WatchOnly;

    public async Task<GetAnswer[]> FetchAsync(IReadOnlyList<GetTarget> targets, CancellationToken cancellationToken)
    {
        using var limit = new SemaphoreSlim(MaxConcurrentRequests);
        var answers = await Task.WhenAll(targets.Select(async target =>
        {
            await limit.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                return await FetchAsync(target, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                limit.Release();
            }
        })).ConfigureAwait(false);
        for (var i = 0; i < answers.Length; i++)
            answers[i] = await RetryInAnotherVersionAsync(answers[i], cancellationToken).ConfigureAwait(false);
        return answers;
    }

    /// <summary>The query of the watch that follows a list or an object.</summary>
    public string WatchPath(GetTarget target, string resourceVersion)
    {
        var fields = target.Name is null ? options.FieldSelector : $"metadata.name={target.Name}";
        return target.Resource.Path(Namespace)
            + Query(("watch", "true"), ("resourceVersion", resourceVersion), ("labelSelector", options.Selector), ("fieldSelector", fields));
    }

    /// <summary>A built-in type in a version that this cluster does not have: it says itself which one it has.</summary>
    private async Task<GetAnswer> RetryInAnotherVersionAsync(GetAnswer answer, CancellationToken cancellationToken)
    {
        if (answer.Error is not { IsUnknownPath: true })
            return answer;
        var found = await catalog.RediscoverAsync(answer.Target.Typed, cancellationToken).ConfigureAwait(false);
        return found is null || found.IsSameType(answer.Target.Resource)
            ? answer
            : await FetchAsync(answer.Target with { Resource = found }, cancellationToken).ConfigureAwait(false);
    }

    private async Task<GetAnswer> FetchAsync(GetTarget target, CancellationToken cancellationToken)
    {
        var path = target.Resource.Path(Namespace);
        var include = options.IsTable && !NeedsMetadata ? "None" : "";
        if (target.Name is not null)
        {
            var answer = await client.GetAsync($"{path}/{Uri.EscapeDataString(target.Name)}{Query(("includeObject", include))}", Accept, cancellationToken).ConfigureAwait(false);
            return new GetAnswer(target, answer.Object is { } single ? [single] : [], answer.Error);
        }

        var pages = new List<DataNode>();
        var next = "";
        do
        {
            var limit = options.ChunkSize > 0 ? options.ChunkSize.ToString(CultureInfo.InvariantCulture) : "";
            var query = Query(("labelSelector", options.Selector), ("fieldSelector", options.FieldSelector), ("limit", limit), ("continue", next), ("includeObject", include));
            var answer = await client.GetAsync(path + query, Accept, cancellationToken).ConfigureAwait(false);
            if (answer.Error is { } error)
                return new GetAnswer(target, pages, Explain(error, target));
            pages.Add(answer.Object!);
            var following = answer.Object!["metadata"]?["continue"]?.Text ?? "";
            if (following.Length > 0 && following == next)
                return new GetAnswer(target, pages, new KubernetesError { Message = "the server answers the same page again and again" });
            next = following;
        }
        while (next.Length > 0);

        return new GetAnswer(target, pages, null);
    }

    private KubernetesError Explain(KubernetesError error, GetTarget target)
    {
        if (error.PlantonCode is not null || error.Reason is not ("BadRequest" or KubernetesError.NotFoundReason))
            return error;
        var type = $"\"{target.Resource.Group}/{target.Resource.Version}, Resource={target.Resource.Name}\"";
        return error with
        {
            Message = options.HasSelector
                ? $"Unable to find {type} that match label selector \"{options.Selector}\", field selector \"{options.FieldSelector}\": {error.Message}"
                : $"Unable to list {type}: {error.Message}",
        };
    }

    private static string Query(params ReadOnlySpan<(string Name, string Value)> parameters)
    {
        var query = "";
        foreach (var (name, value) in parameters)
        {
            if (value.Length > 0)
                query += $"{(query.Length == 0 ? '?' : '&')}{name}={Uri.EscapeDataString(value)}";
        }

        return query;
    }
}
