using System.CommandLine;
using Planton.Cli.Invocation;
using Planton.Cli.Kubectl.Discovery;
using Planton.Cli.Kubectl.Requests;

namespace Planton.Cli.Kubectl.Getting;

/// <summary><c>planton kubectl get</c>: prints, to the byte, what kubectl 1.35 prints.</summary>
internal sealed class KubectlGetCommand : OrganizationVerb
{
    private static readonly string[] Formats = ["wide", "json", "yaml", "name"];

    private readonly KubectlOptions _kubectl;
    private readonly Argument<string[]> _arguments = new("TYPE") { Description = "TYPE[,TYPE] [NAME...] or TYPE/NAME...; TYPE may be TYPE.GROUP or TYPE.VERSION.GROUP", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<bool> _allNamespaces = new("--all-namespaces", "-A") { Description = "Across all namespaces" };
    private readonly Option<string?> _selector = new("--selector", "-l") { Description = "Filter by labels, such as app=web,tier!=cache", HelpName = "SELECTOR" };
    private readonly Option<string?> _fieldSelector = new("--field-selector") { Description = "Filter by fields, such as status.phase=Running", HelpName = "SELECTOR" };
    private readonly Option<string?> _output = new("--output", "-o") { Description = "wide, json, yaml or name (default: a table)", HelpName = "FORMAT" };
    private readonly Option<bool> _watch = new("--watch", "-w") { Description = "After listing, go on with the changes" };
    private readonly Option<bool> _watchOnly = new("--watch-only") { Description = "Print changes without listing first" };
    private readonly Option<bool> _outputWatchEvents = new("--output-watch-events") { Description = "Print the kind of each change, too" };
    private readonly Option<bool> _noHeaders = new("--no-headers") { Description = "Do not print column headers" };
    private readonly Option<bool> _showLabels = new("--show-labels") { Description = "Add a column with the labels" };
    private readonly Option<bool> _showKind = new("--show-kind") { Description = "Put the kind before each name" };
    private readonly Option<bool> _showManagedFields = new("--show-managed-fields") { Description = "Keep managedFields in json and yaml" };
    private readonly Option<bool> _ignoreNotFound = new("--ignore-not-found") { Description = "An object that does not exist is no error" };
    private readonly Option<long> _chunkSize = new("--chunk-size") { Description = "How many objects to ask for at a time; 0 for all at once", HelpName = "N", DefaultValueFactory = _ => GetOptions.DefaultChunkSize };
    private readonly Option<string[]> _labelColumns = new("--label-columns", "-L") { Description = "Labels to show as columns, separated by commas", HelpName = "LABEL" };
    private readonly Option<string?> _sortBy = new("--sort-by") { Hidden = true };

    public KubectlGetCommand(VerbServices services, KubectlOptions kubectl)
        : base("get", "Show resources of the cluster, as kubectl does", services)
    {
        _kubectl = kubectl;
        Arguments.Add(_arguments);
        foreach (Option option in (Option[])
            [_allNamespaces, _selector, _fieldSelector, _output, _watch, _watchOnly, _outputWatchEvents, _noHeaders, _showLabels, _showKind, _showManagedFields, _ignoreNotFound, _chunkSize, _labelColumns, _sortBy])
            Options.Add(option);
        Validators.Add(Validate);
        Examples =
        [
            "planton kubectl get pods --connection prod -n shop",
            "planton kubectl get deploy,svc --connection prod -A",
            "planton kubectl get pod/web-0 --connection prod -o yaml",
            "planton kubectl get events --connection prod --watch",
            "planton kubectl get certificates.cert-manager.io --connection prod -l app=web",
        ];
    }

    /// <summary>What was asked, apart from where.</summary>
    public GetOptions Read(ParseResult parsed) => new()
    {
        Arguments = parsed.GetValue(_arguments) ?? [],
        Namespace = parsed.GetValue(_kubectl.Namespace) is { Length: > 0 } ns ? ns : "default",
        AllNamespaces = parsed.GetValue(_allNamespaces),
        Selector = parsed.GetValue(_selector)?.Trim() ?? "",
        FieldSelector = parsed.GetValue(_fieldSelector)?.Trim() ?? "",
        Output = parsed.GetValue(_output) switch
        {
            "wide" => GetOutput.Wide,
            "json" => GetOutput.Json,
            "yaml" => GetOutput.Yaml,
            "name" => GetOutput.Name,
            _ => GetOutput.Table,
        },
        Watch = parsed.GetValue(_watch),
        WatchOnly = parsed.GetValue(_watchOnly),
        OutputWatchEvents = parsed.GetValue(_outputWatchEvents),
        NoHeaders = parsed.GetValue(_noHeaders),
        ShowLabels = parsed.GetValue(_showLabels),
        ShowKind = parsed.GetValue(_showKind),
        ShowManagedFields = parsed.GetValue(_showManagedFields),
        IgnoreNotFound = parsed.GetValue(_ignoreNotFound),
        ChunkSize = parsed.GetValue(_chunkSize),
        LabelColumns = [.. (parsed.GetValue(_labelColumns) ?? []).SelectMany(labels => labels.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))],
    };

    protected override Task<int> RunAsync(CommandContext context, Session session, CancellationToken cancellationToken)
    {
        var client = new KubernetesClient(session.Http, session.Organization, _kubectl.AddressOf(context.Parsed, session), Environment.Time);
        var catalog = new ResourceCatalog(new DiscoveryClient(client), new DiscoveryCache(context.Home, client.Address, Environment.Time));
        return new GetRun(context, client, catalog, Read(context.Parsed)).RunAsync(cancellationToken);
    }

    private void Validate(System.CommandLine.Parsing.CommandResult result)
    {
        var output = result.GetValue(_output);
        if (!string.IsNullOrEmpty(output) && !Formats.Contains(output))
            result.AddError($"-o {output} is not supported here: wide, json, yaml and name are. For others use kubectl itself: planton kubeconfig CONNECTION.");
        if (result.GetValue(_sortBy) is not null)
            result.AddError("--sort-by is not supported here. Use kubectl itself: planton kubeconfig CONNECTION.");
        if (result.GetValue(_showLabels) && output is not (null or "" or "wide"))
            result.AddError($"--show-labels option cannot be used with {output} printer");
        if (result.GetValue(_outputWatchEvents) && !result.GetValue(_watch) && !result.GetValue(_watchOnly))
            result.AddError("--output-watch-events option can only be used with --watch or --watch-only");
        if (result.GetValue(_chunkSize) < 0)
            result.AddError("--chunk-size cannot be negative");
    }
}
