using Planton.Api;
using Planton.Runner.Files;
using Planton.Runner.Startup;

namespace Planton.Runner.Credentials;

/// <summary>The runners whose credentials lie under <c>~/.planton/org/ORG/runner/NAME/credentials.json</c>.</summary>
internal sealed class LocalStore(string root)
{
    private const int MaxListed = 20;
    private static readonly EnumerationOptions Readable = new() { IgnoreInaccessible = true };

    /// <summary><c>PLANTON_HOME</c>, else <c>~/.planton</c>.</summary>
    public static string Root(Func<string, string?> environment) =>
        environment("PLANTON_HOME") is { Length: > 0 } home
            ? home
            : Path.Combine(environment("HOME") is { Length: > 0 } user
                ? user
                : Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".planton");

    /// <summary>The file of the one runner that fits; which runners there are when none or several do.</summary>
    public Attempt<string> Find(string? name, string? organization)
    {
        foreach (var (value, what) in new[] { (name, "the runner's name"), (organization, "--org") })
        {
            // The names become folders: anything but a slug could leave the store.
            if (value is not null && !Slug.IsValid(value))
                return Fault($"{what} is not a name: {Slug.Rule}");
        }

        var all = Runners().ToArray();
        var fitting = all
            .Where(r => (name is null || r.Name == name) && (organization is null || r.Organization == organization))
            .ToArray();
        return fitting switch
        {
            [var only] => only.File,
            [] when name is null && organization is null && all.Length == 0 => Fault(
                $"no credentials are given: use --credentials-file, {CredentialsLocator.FileVariable} or {CredentialsLocator.JsonVariable}, "
                + $"or put them into {Path.Combine(root, "org", "ORG", "runner", "NAME", "credentials.json")} "
                + "(planton runner generate-credentials NAME makes them)"),
            [] => Fault($"no runner {Described(name, organization)} is in {root}. There {List(all)}"),
            _ => Fault($"several runners are in {root}, and the command does not say which: {List(fitting)}. "
                + "Use: planton-runner start NAME --org ORG"),
        };
    }

    private IEnumerable<(string Organization, string Name, string File)> Runners()
    {
        var organizations = Path.Combine(root, "org");
        if (!Directory.Exists(organizations))
            yield break;
        foreach (var organization in Directory.EnumerateDirectories(organizations, "*", Readable).Order(StringComparer.Ordinal))
        {
            var runners = Path.Combine(organization, "runner");
            if (!Directory.Exists(runners))
                continue;
            foreach (var runner in Directory.EnumerateDirectories(runners, "*", Readable).Order(StringComparer.Ordinal))
            {
                var file = Path.Combine(runner, "credentials.json");
                if (MountedFile.Exists(file))
                    yield return (Path.GetFileName(organization), Path.GetFileName(runner), file);
            }
        }
    }

    private static string Described(string? name, string? organization) => (name, organization) switch
    {
        (not null, not null) => $"'{name}' of organization '{organization}'",
        (not null, null) => $"'{name}'",
        _ => $"of organization '{organization}'",
    };

    private static string List((string Organization, string Name, string File)[] runners) => runners.Length == 0
        ? "is none"
        : "are: " + string.Join(", ", runners.Take(MaxListed).Select(r => $"{r.Name} (--org {r.Organization})"))
            + (runners.Length > MaxListed ? $" and {runners.Length - MaxListed} more" : "");

    private static StartFailure Fault(string why) => StartFailure.Configuration(StartStep.Credentials, why);
}
