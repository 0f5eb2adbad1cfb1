using System.CommandLine;
using Planton.Api;
using Planton.Cli.Completions;
using Planton.Cli.Configuration;
using Planton.Cli.Environments;
using Planton.Cli.Invocation;

namespace Planton.Cli.Contexts;

/// <summary><c>planton context set</c></summary>
internal sealed class ContextSetCommand : Verb
{
    private readonly Argument<string?> _name = new("NAME")
    {
        Description = "The context to make current (default: keep the current one)",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _environment = EnvironmentOption.Create("The environment for connections, secrets and variables; '' for the whole organization");

    public ContextSetCommand(VerbServices services)
        : base("set", "Change the current context", services)
    {
        Arguments.Add(NameCompletion.Offer(_name, NameKind.Context));
        Options.Add(_environment);
        Examples = ["planton context set --org acme", "planton context set --env staging", "planton context set planton.example.com"];
    }

    protected override async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var name = context.Parsed.GetValue(_name);
        var organization = context.GivenTarget.Organization;
        var environment = context.Parsed.GetValue(_environment);
        if (name is null && organization is null && environment is null)
            return context.Fail(CliError.Usage("nothing to set", "Give --org ORG, --env ENV, or the name of a context."));
        if (organization is not null && !Slug.IsValid(organization))
            return context.Fail(CliError.Usage($"'{organization}' is not an organization's name", $"A name is {Slug.Rule}."));
        if (environment is { Length: > 0 } && !Slug.IsValid(environment))
            return context.Fail(CliError.Usage($"'{environment}' is not an environment's name", $"A name is {Slug.Rule}."));
        CliError? refusal = null;
        ConfigContext? chosen = null;
        var error = await ConfigFile.ChangeAsync(
            context,
            config =>
            {
                (chosen, refusal) = Set(config, name, organization, environment);
                return refusal is null;
            },
            cancellationToken).ConfigureAwait(false);
        if ((error ?? refusal) is { } why)
            return context.Fail(why);
        context.Say($"Current context: {chosen!.Name}, organization {chosen.Organization ?? "not chosen"}{(chosen.Environment is null ? "" : $", environment {chosen.Environment}")}.");
        return ExitCode.Ok;
    }

    private static (ConfigContext? Chosen, CliError? Refusal) Set(CliConfig config, string? name, string? organization, string? environment)
    {
        name ??= config.CurrentContextName;
        if (config.Contexts.FirstOrDefault(existing => existing.Name == name) is not { } chosen)
        {
            return (null, name is null
                ? CliError.Usage("there is no context yet", "Log in first: planton auth login --server URL --api-key -")
                : new CliError($"there is no context '{name}'", "planton context list", ExitCode.NotFound));
        }

        // An environment belongs to its organization.
        environment ??= organization is null || organization == chosen.Organization ? chosen.Environment : null;
        chosen = chosen with { Organization = organization ?? chosen.Organization, Environment = environment is { Length: > 0 } ? environment : null };
        config.SetContext(chosen);
        config.SetCurrentContext(chosen.Name);
        return (chosen, null);
    }
}
