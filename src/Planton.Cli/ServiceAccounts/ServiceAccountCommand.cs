using System.CommandLine;
using System.Globalization;
using Planton.Api.ServiceAccounts;
using Planton.Cli.Completions;
using Planton.Cli.Invocation;
using Planton.Cli.Output;

namespace Planton.Cli.ServiceAccounts;

internal static class ServiceAccountCommand
{
    public static Command Create(VerbServices services) => new("service-account", "Manage the organization's machine identities and their keys")
    {
        new ServiceAccountCreateCommand(services),
        new ServiceAccountListCommand(services),
        new ServiceAccountGetCommand(services),
        new ServiceAccountDeleteCommand(services),
        new Command("key", "Manage the keys of a service account")
        {
            new ServiceAccountKeyCreateCommand(services),
            new ServiceAccountKeyListCommand(services),
            new ServiceAccountKeyRevokeCommand(services),
        },
    };

    public static Argument<string> NameArgument() => NameCompletion.Offer(new Argument<string>("NAME") { Description = "The service account's name" }, NameKind.ServiceAccount);

    public static void WriteTable(TextWriter output, IEnumerable<ServiceAccount> accounts, TimeProvider clock)
    {
        var table = new TextTable("NAME", "ROLE", "RUNNER", "VALID KEYS", "AGE");
        foreach (var account in accounts)
            table.Add(account.Name, account.Role, account.Runner, account.ValidKeys.ToString(CultureInfo.InvariantCulture), Times.Ago(account.CreatedAt, clock));
        table.Write(output);
    }

    public static int Print(CommandContext context, string? format, ServiceAccount account) => ResultPrinter.Print(
        context,
        OutputOption.Parse(format),
        account,
        CliJson.Readable.ServiceAccount,
        output => WriteTable(output, [account], context.Environment.Time),
        $"service-account/{account.Name}");
}
