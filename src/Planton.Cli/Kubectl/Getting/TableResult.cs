using Planton.Cli.Invocation;
using Planton.Cli.Kubectl.Printing;
using Planton.Cli.Kubectl.Requests;
using Planton.Cli.Kubectl.Resources;

namespace Planton.Cli.Kubectl.Getting;

/// <summary>Prints answers as tables, one below the other when there are several types.</summary>
internal sealed class TableResult(CommandContext context, GetOptions options)
{
    public int Print(IReadOnlyList<GetAnswer> answers)
    {
        var output = context.Console.Out;
        var writer = new TabWriter(output);
        var found = answers.Where(answer => answer.Objects.Count > 0).ToArray();
        var severalTypes = found.DistinctBy(answer => (answer.Target.Resource.Group, answer.Target.Resource.Version, answer.Target.Resource.Kind)).Count() > 1;
        TablePrinter? printer = null;
        KubernetesResource? last = null;
        foreach (var answer in found)
        {
            var resource = answer.Target.Resource;
            if (printer is null || !last!.IsSameType(resource))
            {
                writer.Flush();
                writer.ForgetWidths();
                if (last is not null && !options.NoHeaders && writer.Written > 0)
                    writer.BeforeOutput = () => output.Write('\n');
                printer = new TablePrinter(Options(options, resource, options.AllNamespaces && resource.Namespaced, severalTypes), context.Environment.Time);
                last = resource;
            }

            foreach (var page in answer.Objects)
                printer.Print(page, writer);
        }

        writer.Flush();
        KubernetesError[] errors = [.. answers.Select(answer => answer.Error).OfType<KubernetesError>()];
        if (writer.Written == 0 && !options.IgnoreNotFound && errors.Length == 0)
            context.Console.Error.WriteLine(!options.AllNamespaces && found.All(answer => answer.Target.Resource.Namespaced)
                ? $"No resources found in {options.Namespace} namespace."
                : "No resources found");
        return GetErrors.Print(context, errors);
    }

    public static TableOptions Options(GetOptions options, KubernetesResource resource, bool withNamespace, bool withKind) => new()
    {
        NoHeaders = options.NoHeaders,
        WithNamespace = withNamespace,
        KindPrefix = withKind || options.ShowKind ? resource.QualifiedKind : null,
        Wide = options.Output == GetOutput.Wide,
        ShowLabels = options.ShowLabels,
        LabelColumns = options.LabelColumns,
    };
}
