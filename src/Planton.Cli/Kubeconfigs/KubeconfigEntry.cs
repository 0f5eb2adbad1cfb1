using Planton.Api.Server;

namespace Planton.Cli.Kubeconfigs;

/// <summary>What a Kubernetes client needs to reach a connection.</summary>
internal sealed record KubeconfigEntry(string Organization, string Connection, string? Environment, ServerInfo Server, string ApiKey)
{
    /// <summary>The name of the context, the cluster and the user.</summary>
    public string Name => $"planton-{Organization}-{Address}";

    /// <summary>The connection in the environment, as the Kubernetes proxy's path has it.</summary>
    public string Address => Environment is null ? Connection : $"{Connection}@{Environment}";

    public override string ToString() => Name;
}
