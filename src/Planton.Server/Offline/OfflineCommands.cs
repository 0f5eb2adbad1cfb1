using System.CommandLine;
using Planton.Server.Hosting;

namespace Planton.Server.Offline;

/// <summary>What <c>planton-server</c> can do beside serving.</summary>
internal static class OfflineCommands
{
    public static IEnumerable<Command> Make(TextWriter output, TextWriter errors, Func<string, string?> environment)
    {
        yield return new Command("audit", "Looks after the audit trail of a stopped server")
        {
            Make("verify", AuditVerifyCommand.Description, (options, _, cancellationToken) => AuditVerifyCommand.RunAsync(options, output, cancellationToken)),
            Make("accept-rollback", AuditAcceptCommand.Description, (options, _, cancellationToken) => AuditAcceptCommand.RunAsync(options, output, cancellationToken)),
        };
        yield return MakeAuthority();
        yield return MakeMasterKey();

        Command Make(string name, string description, Func<ServerOptions, ParseResult, CancellationToken, Task<int>> run) =>
            new OfflineCommand(name, description, errors, environment, run).Command;

        Command MakeAuthority()
        {
            var id = new Argument<string?>("ID") { Arity = ArgumentArity.ZeroOrOne, Description = "The authority: planton-server ca list. Default: the oldest" };
            var force = new Option<bool>("--force") { Description = "Even where credentials are left that can then never connect again" };
            var retire = Make("retire", AuthorityRetireCommand.Description, (options, parsed, cancellationToken) =>
                AuthorityRetireCommand.RunAsync(options, parsed.GetValue(id), parsed.GetValue(force), output, errors, cancellationToken));
            retire.Arguments.Add(id);
            retire.Options.Add(force);
            return new Command("ca", "Looks after the certificate authorities; the server may be running")
            {
                Make("list", AuthorityListCommand.Description, (options, _, cancellationToken) => AuthorityListCommand.RunAsync(options, output, cancellationToken)),
                Make("rotate", AuthorityRotateCommand.Description, (options, _, cancellationToken) => AuthorityRotateCommand.RunAsync(options, output, cancellationToken)),
                retire,
            };
        }

        Command MakeMasterKey()
        {
            var newFile = new Option<string?>("--new-master-key-file")
            {
                HelpName = "FILE",
                Description = "The new key, as --master-key-file is; made when it is not there. Needed with --master-key-file",
            };
            var rotate = Make("rotate", MasterKeyRotateCommand.Description, (options, parsed, cancellationToken) =>
                MasterKeyRotateCommand.RunAsync(options, parsed.GetValue(newFile), output, cancellationToken));
            rotate.Options.Add(newFile);
            return new Command("master-key", "Looks after the master key of a stopped server") { rotate };
        }
    }
}
