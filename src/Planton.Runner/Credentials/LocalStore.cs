using Planton.Api;
using Planton.Runner.Files;
using Planton.Runner.Startup;

namespace Planton.Runner.Credentials;

/// <summary>
/// The runners whose credentials lie under <c>~/.planton/org/ORG/runner/NAME/credentials.json</c>, and those of the platform under
/// <c>~/.planton/platform/runner/NAME/credentials.json</c>.
/// </summary>
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
    public Attempt<string> Find(CredentialsRequest request)
    {
        var (name, organization) = (request.Name, request.Organization);
        foreach (var (value, what) in new[] { (name, "the runner's name"), (organization, "--org") })
        {
            // The names become folders: anything but a slug could leave the store.
            if (value is not null && !Slug.IsValid(value))
                return Fault($"{what} is not a name: {Slug.Rule}");
        }

        var all = Runners().ToArray();
        var fitting = all
            .Where(r => (name is null || r.Name == name) && (organization is null || r.Organization == organization) && (!request.Platform || r.Organization is null))
            .ToArray();
        return fitting switch
        {
            [var only] => only.File,
            [] when name is null && organization is null && !request.Platform && all.Length == 0 => Fault(
                $"no credentials are given: use --credentials-file, {CredentialsLocator.FileVariable} or {CredentialsLocator.JsonVariable}, "
                + $"or put them into {Path.Combine(root, "org", "ORG", "runner", "NAME", "credentials.json")} "
                + "(planton runner generate-credentials NAME makes them)"),
            [] => Fault($"no runner {Described(request)} is in {root}. There {List(all)}"),
            _ => Fault($"several runners are in {root}, and the command does not say which: {List(fitting)}. "
                + "Use: planton-runner start NAME --org ORG"),
        };
    }

    private IEnumerable<(string? Organization, string Name, string File)> Runners() =>
        Folders(Path.Combine(root, "org")).SelectMany(organization => Runners(Path.GetFileName(organization), organization))
            .Concat(Runners(null, Path.Combine(root, "platform")));

    private static IEnumerable<(string? Organization, string Name, string File)> Runners(string? organization, string folder) =>
        Folders(Path.Combine(folder, "runner"))
            .Select(runner => (organization, Path.GetFileName(runner), Path.Combine(runner, "credentials.json")))
            .Where(runner => MountedFile.Exists(runner.Item3));

    private static IEnumerable<string> Folders(string folder) =>
        Directory.Exists(folder) ? Directory.EnumerateDirectories(folder, "*", Readable).Order(StringComparer.Ordinal) : [];

    private static string Described(CredentialsRequest request)
    {
        var place = request.Platform ? "of the platform" : request.Organization is { } organization ? $"of organization '{organization}'" : "";
        return $"{(request.Name is { } name ? $"'{name}' " : "")}{place}".TrimEnd();
    }

    private static string List((string? Organization, string Name, string File)[] runners) => runners.Length == 0
        ? "is none"
        : "are: " + string.Join(", ", runners.Take(MaxListed).Select(r => r.Organization is null ? $"{r.Name} (--platform)" : $"{r.Name} (--org {r.Organization})"))
            + (runners.Length > MaxListed ? $" and {runners.Length - MaxListed} more" : "");

    private static StartFailure Fault(string why) => StartFailure.Configuration(StartStep.Credentials, why);
}
