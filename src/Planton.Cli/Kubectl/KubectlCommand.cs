using System.CommandLine;
using Planton.Cli.Invocation;

namespace Planton.Cli.Kubectl;

internal static class KubectlCommand
{
    public static Command Create(VerbServices services) => new("kubectl", "Work with a Kubernetes cluster through its connection");
}
