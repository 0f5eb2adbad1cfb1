namespace Planton.Cli.Invocation;

/// <summary>A command about something in one organization.</summary>
internal abstract class OrganizationVerb(string name, string description, VerbServices services) : ApiVerb(name, description, services)
{
    protected override bool NeedsOrganization(CommandContext context) => true;
}
