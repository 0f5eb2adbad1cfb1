using Planton.Api;
using Planton.Cli.Invocation;
using Planton.Cli.Kubectl.Discovery;
using Planton.Cli.Kubectl.Requests;

namespace Planton.Cli.Kubectl.Getting;

/// <summary>One run of <c>kubectl get</c>.</summary>
internal sealed class GetRun(CommandContext context, KubernetesClient client, ResourceCatalog catalog, GetOptions options)
{
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var (arguments, fault) = GetArguments.Parse(options.Arguments, options.HasSelector);
        if (arguments is null)
            return context.Fail(CliError.Usage(fault!, "planton kubectl get --help"));
        var (targets, unknown) = await new TargetResolver(catalog).ResolveAsync(arguments, cancellationToken).ConfigureAwait(false);
        if (unknown is not null)
            return Unknown(unknown);
        if (options.AllNamespaces && targets.Any(target => target.Name is not null && target.Resource.Namespaced))
            return context.Fail(CliError.Usage("a resource cannot be retrieved by name across all namespaces"));
        var watching = options.Watch || options.WatchOnly;
        if (watching && targets.DistinctBy(target => target.Resource.QualifiedName).Count() > 1)
            return context.Fail(CliError.Usage("you may only specify a single resource type"));

        var fetcher = new GetFetcher(client, catalog, options);
        var answers = await fetcher.FetchAsync(targets, cancellationToken).ConfigureAwait(false);
        if (options.IgnoreNotFound)
            answers = [.. answers.Select(answer => answer.Error is { IsNotFound: true } ? answer with { Error = null } : answer)];
        if (watching)
            return answers.Select(answer => answer.Error).OfType<KubernetesError>().ToArray() is { Length: > 0 } errors
                ? GetErrors.Print(context, errors)
                : await new GetWatch(context, client, fetcher, options).RunAsync(answers, cancellationToken).ConfigureAwait(false);
        return options.IsTable ? new TableResult(context, options).Print(answers) : new ObjectResult(context, options).Print(answers);
    }

    private int Unknown(string word)
    {
        // Without an answer of the cluster nothing can be said about its types.
        if (catalog.Error is { } error)
            return GetErrors.Print(context, [error]);
        var dot = word.IndexOf('.', StringComparison.Ordinal);
        context.Console.Error.WriteLine($"error: the server doesn't have a resource type \"{SafeText.OneLine(dot < 0 ? word : word[..dot])}\"");
        return ExitCode.Failed;
    }
}
