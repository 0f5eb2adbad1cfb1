using System.Diagnostics.CodeAnalysis;
using Planton.Api;
using Planton.Cli.Configuration;
using Planton.Cli.Invocation;

namespace Planton.Cli.Runners;

/// <summary>The runners whose credentials <c>generate-credentials --save</c> left under <c>~/.planton</c>.</summary>
internal sealed class LocalStore(PlantonHome home)
{
    private const int MaxListed = 20;
    private static readonly EnumerationOptions Readable = new() { IgnoreInaccessible = true };

    /// <summary>All of them, or those of the platform, or those of one organization.</summary>
    public IEnumerable<LocalRunner> List(string? organization, bool platform)
    {
        if (platform)
            return Runners(null);
        if (organization is not null)
            return Slug.IsValid(organization) ? Runners(organization) : [];
        return Folders(home.Organizations).Where(Slug.IsValid).SelectMany(Runners).Concat(Runners(null));
    }

    /// <summary>The one runner that is meant; which there are when it cannot be told.</summary>
    public bool TryFind(
        string? name, string? organization, bool platform, [NotNullWhen(true)] out LocalRunner? runner, [NotNullWhen(false)] out CliError? error)
    {
        var there = List(organization, platform).ToArray();
        var fitting = there.Where(candidate => name is null || candidate.Name == name).ToArray();
        runner = fitting is [var only] ? only : null;
        error = runner is not null ? null : fitting.Length > 0
            ? CliError.Usage($"several runners are in {home.Root}: {Describe(fitting)}", "Say which: planton runner start NAME --org ORG")
            : NotFound(name, organization, platform, there);
        return runner is not null;
    }

    private CliError NotFound(string? name, string? organization, bool platform, LocalRunner[] there)
    {
        var place = platform ? " of the platform" : organization is null ? "" : $" of organization {organization}";
        var others = there.Length > 0 ? there : [.. List(null, false)];
        var rest = others.Length > 0 ? $". There are: {Describe(others)}" : "";
        return name is null
            ? CliError.Usage(
                $"no credentials are given, and the local store ({home.Root}) has none{place}{rest}",
                "Give --credentials-file FILE, set PLANTON_RUNNER_CREDENTIALS_FILE, or make some: planton runner generate-credentials NAME --save")
            : CliError.Usage(
                $"the local store ({home.Root}) has no credentials of runner {name}{place}{rest}",
                $"planton runner generate-credentials {name} --save{(platform ? " --platform" : organization is null ? "" : $" --org {organization}")}");
    }

    private IEnumerable<LocalRunner> Runners(string? organization) =>
        Folders(home.RunnersDirectory(organization))
            // A folder of another name is none of a runner.
            .Where(Slug.IsValid)
            .Select(name => new LocalRunner(organization, name, home.RunnerCredentials(organization, name)))
            .Where(runner => File.Exists(runner.File));

    private static IEnumerable<string> Folders(string directory) => Directory.Exists(directory)
        ? Directory.EnumerateDirectories(directory, "*", Readable).Select(Path.GetFileName).OfType<string>().Order(StringComparer.Ordinal)
        : [];

    private static string Describe(LocalRunner[] runners) =>
        string.Join(", ", runners.Take(MaxListed)) + (runners.Length > MaxListed ? $" and {runners.Length - MaxListed} more" : "");
}
