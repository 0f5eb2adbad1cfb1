using Planton.Cli.Data;
using Planton.Cli.Invocation;
using Planton.Cli.Kubectl.Printing;
using Planton.Cli.Kubectl.Requests;

namespace Planton.Cli.Kubectl.Getting;

/// <summary>Prints what is there, then every change until the server or the user ends it.</summary>
internal sealed class GetWatch(CommandContext context, KubernetesClient client, GetFetcher fetcher, GetOptions options)
{
    private readonly TabWriter _writer = new(context.Console.Out);
    private readonly ObjectPrinter _objects = new(options.Output, context.Console.Out);
    private TablePrinter? _tables;

    public async Task<int> RunAsync(IReadOnlyList<GetAnswer> answers, CancellationToken cancellationToken)
    {
        if (answers.FirstOrDefault(answer => answer.Objects.Count > 0) is not { } answer)
            return ExitCode.Ok;
        if (answers.Count > 1)
            return context.Fail(CliError.Usage("watch takes one object or one list", "Name one object, or use a selector."));
        var target = answer.Target;
        _tables = new TablePrinter(TableResult.Options(options, target.Resource, options.AllNamespaces, withKind: false), context.Environment.Time);
        var isList = target.Name is null;
        foreach (var page in answer.Objects)
        {
            foreach (var item in options.IsTable ? [page] : ObjectLists.Flatten(page))
                Print("ADDED", item, skip: options.WatchOnly);
        }

        await FlushAsync(cancellationToken).ConfigureAwait(false);

        // A watch of one object begins with that object once more; one that follows a list begins after it.
        var version = isList ? answer.Objects[0]["metadata"]?["resourceVersion"]?.Text ?? "" : "0";
        var skip = !isList;
        var path = fetcher.WatchPath(target, version);
        await foreach (var received in client.WatchAsync(path, options.IsTable ? KubernetesClient.TableAccept : KubernetesClient.JsonAccept, cancellationToken).ConfigureAwait(false))
        {
            if (received.Error is { } error)
                return GetErrors.Print(context, [error]);
            var type = received.Object!["type"]?.Text ?? "";
            var changed = received.Object["object"] ?? DataNull.Instance;
            if (type == "ERROR")
                return GetErrors.Print(context, [KubernetesErrorReader.FromEvent(changed)]);
            Print(type, changed, skip);
            await FlushAsync(cancellationToken).ConfigureAwait(false);
            skip = false;
        }

        return ExitCode.Ok;
    }

    private void Print(string eventType, DataNode node, bool skip)
    {
        var shownType = options.OutputWatchEvents ? eventType : null;
        if (options.IsTable)
        {
            _tables!.Print(node, _writer, shownType, skip);
            return;
        }

        if (skip)
            return;
        if (!options.ShowManagedFields)
            ObjectLists.WithoutManagedFields(node);
        if (shownType is null)
            _objects.Print(node);
        else
            _objects.PrintEvent(shownType, node);
    }

    private Task FlushAsync(CancellationToken cancellationToken)
    {
        _writer.Flush();
        return context.Console.Out.FlushAsync(cancellationToken);
    }
}
