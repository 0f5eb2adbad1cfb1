using System.CommandLine;
using Planton.Api.Credentials;
using Planton.Cli.Invocation;

namespace Planton.Cli.Credentials;

/// <summary>How long the certificates of new credentials live.</summary>
internal static class ValidFor
{
    public static Option<TimeSpan?> CreateOption() => DurationOption.Create(
        "--valid-for", "How long each certificate lives before the runner must have renewed it, such as 24h or 30d (default: the server's)");

    public static GenerateCredentialsRequest? Request(TimeSpan? lifetime) =>
        lifetime is { } life ? new GenerateCredentialsRequest((long)life.TotalSeconds) : null;
}
