using Planton.Cli.Invocation;
using Planton.Cli.Kubectl.Printing;
using Planton.Cli.Kubectl.Requests;

namespace Planton.Cli.Kubectl.Getting;

/// <summary>Prints answers as whole objects: one that was named alone as it is, everything else in one list.</summary>
internal sealed class ObjectResult(CommandContext context, GetOptions options)
{
    public int Print(IReadOnlyList<GetAnswer> answers)
    {
        KubernetesError[] errors = [.. answers.Select(answer => answer.Error).OfType<KubernetesError>()];
        var singleItem = answers is [{ Target.Name: not null }];
        if (singleItem && errors.Length > 0)
            return GetErrors.Print(context, errors);
        var objects = answers.SelectMany(answer => answer.Objects).SelectMany(ObjectLists.Flatten).ToArray();
        if (objects.Length == 0 && options.IgnoreNotFound)
            return GetErrors.Print(context, errors);
        if (!options.ShowManagedFields)
        {
            foreach (var item in objects)
                ObjectLists.WithoutManagedFields(item);
        }

        new ObjectPrinter(options.Output, context.Console.Out)
            .Print(singleItem && objects is [var only] ? only : ObjectLists.Wrap(objects));
        return GetErrors.Print(context, errors);
    }
}
