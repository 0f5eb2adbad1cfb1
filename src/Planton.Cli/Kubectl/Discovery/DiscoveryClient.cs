using Planton.Cli.Data;
using Planton.Cli.Kubectl.Requests;
using Planton.Cli.Kubectl.Resources;

namespace Planton.Cli.Kubectl.Discovery;

/// <summary>Asks a cluster which resource types it has: in two requests where it can say so, else group by group.</summary>
internal sealed class DiscoveryClient(KubernetesClient client)
{
    private const string AggregatedAccept =
        "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json";

    private const int MaxConcurrentRequests = 8;

    /// <summary>The types in the order of their priority, or why they are not known.</summary>
    public async Task<(IReadOnlyList<KubernetesResource>? Resources, KubernetesError? Error)> DiscoverAsync(CancellationToken cancellationToken)
    {
        var core = client.GetAsync("api", AggregatedAccept, cancellationToken);
        var groups = client.GetAsync("apis", AggregatedAccept, cancellationToken);
        KubernetesAnswer[] answers = [await core.ConfigureAwait(false), await groups.ConfigureAwait(false)];
        var resources = new List<KubernetesResource>();
        foreach (var answer in answers)
        {
            if (answer.Error is { } error)
                return (null, error);
            resources.AddRange(answer.Object!["kind"]?.Text == "APIGroupDiscoveryList"
                ? AggregatedDiscovery.Read(answer.Object)
                : await ReadGroupByGroupAsync(answer.Object, cancellationToken).ConfigureAwait(false));
        }

        return (resources, null);
    }

    private async Task<IEnumerable<KubernetesResource>> ReadGroupByGroupAsync(DataNode list, CancellationToken cancellationToken)
    {
        // Every group's preferred version goes before any other version, as kubectl ranks them.
        var versions = GroupVersions.Read(list);
        using var limit = new SemaphoreSlim(MaxConcurrentRequests);
        var lists = await Task.WhenAll(versions.Select(async version =>
        {
            await limit.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                return await client.GetAsync(version.Path, KubernetesClient.JsonAccept, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                limit.Release();
            }
        })).ConfigureAwait(false);
        // An aggregated API that is down must not hide the others.
        return versions.Zip(lists).SelectMany(pair => pair.Second.Object is { } found ? pair.First.ReadResources(found) : []);
    }
}
