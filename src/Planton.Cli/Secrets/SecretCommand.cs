using System.CommandLine;
using System.Globalization;
using Planton.Api.Secrets;
using Planton.Cli.Completions;
using Planton.Cli.Invocation;
using Planton.Cli.Output;

namespace Planton.Cli.Secrets;

internal static class SecretCommand
{
    public static Command Create(VerbServices services) => new("secret", "Manage secrets, which references such as $secret/NAME/KEY name")
    {
        new SecretSetCommand(services),
        new SecretGetCommand(services),
        new SecretListCommand(services),
        new SecretDeleteCommand(services),
    };

    public static Argument<string> NameArgument() => NameCompletion.Offer(new Argument<string>("NAME") { Description = "The secret's name" }, NameKind.Secret);

    public static void WriteTable(TextWriter output, IEnumerable<Secret> secrets, TimeProvider clock)
    {
        var table = new TextTable("NAME", "ENVIRONMENT", "VERSION", "KEYS", "UPDATED");
        foreach (var secret in secrets)
            table.Add(
                secret.Name,
                secret.Environment ?? "(all)",
                secret.Version.ToString(CultureInfo.InvariantCulture),
                string.Join(", ", secret.Keys ?? []),
                Times.Ago(secret.UpdatedAt, clock));
        table.Write(output);
    }

    public static void WriteOne(TextWriter output, Secret secret, TimeProvider clock)
    {
        WriteTable(output, [secret], clock);
        if (secret.Versions is not { Count: > 0 } versions)
            return;
        output.Write('\n');
        var table = new TextTable("VERSION", "KEYS", "WRITTEN", "BY");
        foreach (var version in versions)
            table.Add(
                version.Version.ToString(CultureInfo.InvariantCulture),
                string.Join(", ", version.Keys ?? []),
                Times.Utc(version.CreatedAt),
                version.CreatedBy);
        table.Write(output);
    }
}
