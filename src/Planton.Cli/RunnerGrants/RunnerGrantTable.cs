using Planton.Api.RunnerGrants;
using Planton.Cli.Output;

namespace Planton.Cli.RunnerGrants;

/// <summary>How grants look on a terminal.</summary>
internal static class RunnerGrantTable
{
    /// <summary>Before an id, by <c>-o name</c>.</summary>
    public const string Prefix = "grant/";

    public static void Write(TextWriter output, IEnumerable<RunnerGrant> grants, TimeProvider clock)
    {
        var table = new TextTable("ID", "ORGANIZATION", "MODE", "ALLOWS", "AGE", "BY");
        foreach (var grant in grants)
            table.Add(grant.Id, grant.Organization, grant.Mode, Allowed(grant), Times.Ago(grant.CreatedAt, clock), grant.CreatedBy?.Name);
        table.Write(output);
    }

    public static string NameOf(RunnerGrant grant) => $"{Prefix}{grant.Id}";

    public static string Describe(RunnerGrant grant) => $"mode {grant.Mode}, {Allowed(grant)}";

    private static string Allowed(RunnerGrant grant) => (grant.KubeContexts, grant.AllowCidrs) switch
    {
        (_, { Count: > 0 } ranges) => string.Join(", ", ranges),
        ({ Count: > 0 } contexts, _) => $"context {string.Join(", ", contexts)}",
        _ => "the current context",
    };
}
