using System.CommandLine;
using Planton.Api.DefaultRunners;
using Planton.Cli.Invocation;

namespace Planton.Cli.DefaultRunners;

/// <summary>A command about the runner that connections use when they name none: the organization's, or with <c>--platform</c> the platform's.</summary>
internal abstract class DefaultRunnerVerb : ApiVerb
{
    protected const string SetHint = "Set one: planton runner set-default NAME (or, for every organization, with --platform).";

    private readonly Option<bool> _platform = new("--platform")
    {
        Description = "The platform's default, for every organization that has none; changing it needs the platform operator",
    };

    protected DefaultRunnerVerb(string name, string description, VerbServices services)
        : base(name, description, services) => Options.Add(_platform);

    protected override bool NeedsOrganization(CommandContext context) => !context.Parsed.GetValue(_platform);

    /// <summary>The organization to ask in; null for the platform.</summary>
    protected string? Owner(CommandContext context, Session session) => context.Parsed.GetValue(_platform) ? null : session.Organization;

    protected static string Describe(string? owner) => owner is null ? "the platform" : $"organization {owner}";

    /// <summary>What is used now, in one line.</summary>
    protected static string Describe(DefaultRunner runners) => runners.Effective is { } effective
        ? $"Connections that name no runner use {effective.Runner} (default of the {effective.Level})."
        : "Connections that name no runner have none to use.";
}
