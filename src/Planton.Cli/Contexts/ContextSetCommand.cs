using System.CommandLine;
using Planton.Api;
using Planton.Cli.Configuration;
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

    public ContextSetCommand(VerbServices services)
        : base("set", "Change the current context", services)
    {
        Arguments.Add(_name);
        Examples = ["planton context set --org acme", "planton context set planton.example.com"];
    }

    protected override Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken) => Task.FromResult(Run(context));

    private int Run(CommandContext context)
    {
        var name = context.Parsed.GetValue(_name);
        var organization = context.GivenTarget.Organization;
        if (name is null && organization is null)
            return context.Fail(CliError.Usage("nothing to set", "Give --org ORG, or the name of a context."));
        if (organization is not null && !Slug.IsValid(organization))
            return context.Fail(CliError.Usage($"'{organization}' is not an organization's name", $"A name is {Slug.Rule}."));
        if (!ConfigFile.TryLoad(context.Home, out var config, out var error))
            return context.Fail(error);
        name ??= config.CurrentContextName;
        if (config.Contexts.FirstOrDefault(existing => existing.Name == name) is not { } chosen)
            return context.Fail(name is null
                ? CliError.Usage("there is no context yet", "Log in first: planton auth login --server URL --api-key -")
                : new CliError($"there is no context '{name}'", "planton context list", ExitCode.NotFound));
        config.SetContext(chosen with { Organization = organization ?? chosen.Organization });
        config.SetCurrentContext(chosen.Name);
        ConfigFile.Save(context.Home, config);
        context.Say($"Current context: {chosen.Name}, organization {organization ?? chosen.Organization ?? "not chosen"}.");
        return ExitCode.Ok;
    }
}
