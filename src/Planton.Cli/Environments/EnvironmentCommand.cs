using System.CommandLine;
using Planton.Api.Environments;
using Planton.Cli.Completions;
using Planton.Cli.Invocation;
using Planton.Cli.Output;

namespace Planton.Cli.Environments;

internal static class EnvironmentCommand
{
    public static Command Create(VerbServices services) => new("environment", "Manage the organization's environments, such as staging")
    {
        new EnvironmentCreateCommand(services),
        new EnvironmentListCommand(services),
        new EnvironmentDeleteCommand(services),
    };

    public static Argument<string> NameArgument() => NameCompletion.Offer(new Argument<string>("NAME") { Description = "The environment's name" }, NameKind.Environment);

    public static void WriteTable(TextWriter output, IEnumerable<OrganizationEnvironment> environments, TimeProvider clock)
    {
        var table = new TextTable("NAME", "ORGANIZATION", "AGE", "ID");
        foreach (var environment in environments)
            table.Add(environment.Name, environment.Organization, Times.Ago(environment.CreatedAt, clock), environment.Id);
        table.Write(output);
    }
}
