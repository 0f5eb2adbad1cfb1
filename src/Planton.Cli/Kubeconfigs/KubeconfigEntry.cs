using Planton.Api.Server;

namespace Planton.Cli.Kubeconfigs;

/// <summary>What a Kubernetes client needs to reach a connection.</summary>
internal sealed record KubeconfigEntry(string Organization, string Connection, ServerInfo Server, string ApiKey)
{
    /// <summary>The name of the context, the cluster and the user.</summary>
    public string Name => $"planton-{Organization}-{Connection}";

    public override string ToString() => Name;
}
