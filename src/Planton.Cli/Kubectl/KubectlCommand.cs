using System.CommandLine;
using Planton.Cli.Invocation;
using Planton.Cli.Kubectl.Getting;

namespace Planton.Cli.Kubectl;

internal static class KubectlCommand
{
    public static Command Create(VerbServices services)
    {
        var options = new KubectlOptions();
        return new Command("kubectl", "Work with a Kubernetes cluster through its connection")
        {
            options.Connection,
            options.EnvironmentName,
            options.Namespace,
            new KubectlGetCommand(services, options),
        };
    }
}
