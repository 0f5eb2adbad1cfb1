using System.CommandLine;
using Planton.Cli.Invocation;

namespace Planton.Cli.Environments;

/// <summary>A command about something of the organization, or of one of its environments.</summary>
internal abstract class EnvironmentVerb : OrganizationVerb
{
    private readonly Option<string?> _environment = EnvironmentOption.Create(
        "The environment (PLANTON_ENV; default: the current context's); '' for the whole organization");

    protected EnvironmentVerb(string name, string description, VerbServices services)
        : base(name, description, services) => Options.Add(_environment);

    /// <summary>The environment that is meant; null for the whole organization.</summary>
    protected string? EnvironmentOf(CommandContext context, Session session) =>
        (context.Parsed.GetValue(_environment) ?? session.EnvironmentName) is { Length: > 0 } name ? name : null;

    protected static string Describe(Session session, string? environment) =>
        environment is null ? $"of organization {session.Organization}" : $"of environment {environment} of organization {session.Organization}";
}
