namespace Planton.Cli.Completions;

/// <summary>What a name on the command line is the name of.</summary>
internal enum NameKind
{
    Connection,
    Context,
    Environment,
    LocalRunner,
    Member,
    Organization,
    PlatformRunner,
    Runner,
    Secret,
    ServiceAccount,
    User,
    Variable,
}
