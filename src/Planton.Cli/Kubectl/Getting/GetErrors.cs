using Planton.Api;
using Planton.Cli.Invocation;
using Planton.Cli.Kubectl.Requests;

namespace Planton.Cli.Kubectl.Getting;

/// <summary>Prints errors as kubectl does, and the control plane's own as every command does.</summary>
internal static class GetErrors
{
    /// <summary>Prints all of them, and returns the exit code: the control plane's where it has one, else the first.</summary>
    public static int Print(CommandContext context, IReadOnlyList<KubernetesError> errors)
    {
        if (errors.FirstOrDefault(error => error.PlantonCode is not null) is { } ours)
            return context.Fail(ours.ToCliError(context.ApiKeySource));
        context.Console.Out.Flush();
        foreach (var error in errors)
            context.Console.Error.WriteLine(SafeText.Lines(error.Line));
        return errors.Count == 0 ? ExitCode.Ok : errors[0].ExitCode;
    }
}
