using Planton.Api;
using Planton.Cli.Hosting;

namespace Planton.Cli.Configuration;

/// <summary>The files under <c>~/.planton</c>, or under the directory that <c>PLANTON_HOME</c> names.</summary>
internal sealed class PlantonHome(string root)
{
    public const string Variable = "PLANTON_HOME";

    public string Root { get; } = root;

    public string ConfigFile => Path.Combine(Root, "config.yaml");

    public string Organizations => Path.Combine(Root, "org");

    public string Binaries => Path.Combine(Root, "bin");

    public string Cache => Path.Combine(Root, "cache");

    public static PlantonHome Find(CliEnvironment environment) =>
        new(environment.NonEmptyVariable(Variable) ?? Path.Combine(environment.UserHome, ".planton"));

    /// <summary>The directory of a runner's credentials. A null organization means a runner of the platform.</summary>
    /// <exception cref="ArgumentException">A name is not a slug, and could leave the store.</exception>
    public string RunnerDirectory(string? organization, string runner) => Path.Combine(RunnersDirectory(organization), Name(runner));

    /// <summary>The directory of all runners of an organization, or of the platform.</summary>
    public string RunnersDirectory(string? organization) => organization is null
        ? Path.Combine(Root, "platform", "runner")
        : Path.Combine(Organizations, Name(organization), "runner");

    public string RunnerCredentials(string? organization, string runner) =>
        Path.Combine(RunnerDirectory(organization, runner), "credentials.json");

    // Whoever it comes from: what is typed, what a server says, what stands in a file.
    private static string Name(string name) => Slug.IsValid(name) ? name : throw new ArgumentException("not a name that may become a folder", nameof(name));
}
