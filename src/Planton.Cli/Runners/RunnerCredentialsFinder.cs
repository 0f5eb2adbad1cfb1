using Planton.Api;
using Planton.Cli.Invocation;

namespace Planton.Cli.Runners;

/// <summary>
/// Settles where a start takes its credentials from: the flag, then the environment, then the local store. The first that is
/// given is taken even when it turns out to be bad: going on to another identity would surprise.
/// </summary>
internal sealed class RunnerCredentialsFinder(CommandContext context)
{
    private const string Flag = "--credentials-file";
    private const string Store = "the local store";
    private static readonly string[] Variables = ["PLANTON_RUNNER_CREDENTIALS_FILE", "PLANTON_RUNNER_CREDENTIALS"];
    private readonly List<CredentialsSource> _sources = [];

    /// <summary>Every place, in the order in which they count.</summary>
    public IReadOnlyList<CredentialsSource> Sources => _sources;

    /// <summary>Which one won.</summary>
    public string Winner { get; private set; } = "";

    /// <summary>The file; empty when the runner reads them from its environment.</summary>
    public string File { get; private set; } = "";

    /// <summary>They are those of a runner in the local store.</summary>
    public bool IsStored { get; private set; }

    /// <summary>Null when they were found; else why not.</summary>
    public CliError? Find(string? file, string? name, bool platform)
    {
        Take(Flag, file, "given", "not given");
        if (file is not null)
            (Winner, File) = ($"{Flag} {file}", file);
        foreach (var variable in Variables)
        {
            Take(variable, context.Environment.NonEmptyVariable(variable), "set", "not set");
            if (Winner.Length == 0 && context.Environment.NonEmptyVariable(variable) is not null)
                Winner = $"the environment variable {variable}";
        }

        if (Winner.Length == 0)
            return FindStored(name, platform);
        _sources.Add(new CredentialsSource(Store, "not looked into"));
        return null;
    }

    private void Take(string source, string? value, string there, string absent) =>
        _sources.Add(new CredentialsSource(source, value is null ? absent : $"{there}, {(Winner.Length > 0 ? "not used" : "used")}"));

    private CliError? FindStored(string? name, bool platform)
    {
        if (name is not null && !Slug.IsValid(name))
            return CliError.Usage($"'{name}' is not a runner's name", $"A name is {Slug.Rule}.");
        string? organization = null;
        if (!platform)
        {
            if (!context.TryLoadSettings(out var settings, out var unreadable))
                return unreadable;
            organization = settings.Organization;
            // The names become folders: anything but a slug could leave the store.
            if (organization is not null && !Slug.IsValid(organization))
                return CliError.Usage($"'{organization}' is not an organization's name", $"A name is {Slug.Rule}.");
        }

        if (!new LocalStore(context.Home).TryFind(name, organization, platform, out var runner, out var error))
            return error;
        (Winner, File, IsStored) = ($"{Store}, {runner.File}", runner.File, true);
        _sources.Add(new CredentialsSource(Store, $"{runner}, used"));
        return null;
    }
}
