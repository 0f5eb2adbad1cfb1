using System.CommandLine;
using Planton.Cli.Completions;
using Planton.Cli.Credentials;
using Planton.Cli.DefaultRunners;
using Planton.Cli.Invocation;
using Planton.Cli.RunnerGrants;

namespace Planton.Cli.Runners;

internal static class RunnerCommand
{
    public static Command Create(VerbServices services) => new("runner", "Manage runners, and start one")
    {
        new RunnerRegisterCommand(services),
        new GenerateCredentialsCommand(services),
        new RegenerateCredentialsCommand(services),
        CredentialsCommand.Create(services),
        new RunnerListCommand(services),
        new RunnerGetCommand(services),
        new RunnerDeleteCommand(services),
        new SetDefaultCommand(services),
        new GetDefaultCommand(services),
        new UnsetDefaultCommand(services),
        new RunnerGrantCommand(services),
        new RunnerGrantsCommand(services),
        new RunnerRevokeGrantCommand(services),
        new RunnerStartCommand(services),
    };

    public static Argument<string> NameArgument() => NameCompletion.Offer(new Argument<string>("NAME") { Description = "The runner's name" }, NameKind.Runner);
}
