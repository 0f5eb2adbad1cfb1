using System.CommandLine;
using Planton.Cli.Invocation;

namespace Planton.Cli.Runners;

/// <summary>A command about runners of the organization, or with <c>--platform</c> about those of the platform.</summary>
internal abstract class RunnerVerb : ApiVerb
{
    private readonly Option<bool> _platform = new("--platform")
    {
        Description = "A runner of the platform instead of the organization's; changing one needs the platform operator",
    };

    protected RunnerVerb(string name, string description, VerbServices services)
        : base(name, description, services) => Options.Add(_platform);

    protected bool IsPlatform(CommandContext context) => context.Parsed.GetValue(_platform);

    protected override bool NeedsOrganization(CommandContext context) => !IsPlatform(context);

    /// <summary>The organization to ask in; null for the platform.</summary>
    protected string? Owner(CommandContext context, Session session) => IsPlatform(context) ? null : session.Organization;

    protected static string Describe(string? owner) => owner is null ? "on the platform" : $"in organization {owner}";
}
