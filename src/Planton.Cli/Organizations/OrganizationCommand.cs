using System.CommandLine;
using Planton.Api.Organizations;
using Planton.Cli.Completions;
using Planton.Cli.Invocation;
using Planton.Cli.Output;

namespace Planton.Cli.Organizations;

internal static class OrganizationCommand
{
    public static Command Create(VerbServices services) => new("org", "Manage organizations")
    {
        new OrganizationCreateCommand(services),
        new OrganizationListCommand(services),
        new OrganizationGetCommand(services),
        new OrganizationDeleteCommand(services),
    };

    public static Argument<string> NameArgument() => NameCompletion.Offer(new Argument<string>("NAME") { Description = "The organization's name" }, NameKind.Organization);

    public static void WriteTable(TextWriter output, IEnumerable<Organization> organizations)
    {
        var table = new TextTable("NAME", "ID", "CREATED");
        foreach (var organization in organizations)
            table.Add(organization.Name, organization.Id, Times.Utc(organization.CreatedAt));
        table.Write(output);
    }

    public static int Print(CommandContext context, string? format, Organization organization) => ResultPrinter.Print(
        context,
        OutputOption.Parse(format),
        organization,
        CliJson.Readable.Organization,
        output => WriteTable(output, [organization]),
        $"organization/{organization.Name}");
}
