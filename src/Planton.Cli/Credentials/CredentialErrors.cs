using Planton.Cli.Invocation;

namespace Planton.Cli.Credentials;

internal static class CredentialErrors
{
    public static CliError NoneAnswered { get; } = new(
        "the server's answer holds no credentials",
        "Check that this program and the server are of versions that go together: planton version.");
}
