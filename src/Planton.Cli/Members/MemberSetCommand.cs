using System.CommandLine;
using Planton.Cli.Invocation;
using Planton.Cli.Output;

namespace Planton.Cli.Members;

/// <summary><c>planton member set</c></summary>
internal sealed class MemberSetCommand : OrganizationVerb
{
    private readonly Argument<string> _user = MemberCommand.UserArgument();
    private readonly Option<string?> _role = RoleOption.Create("The role, at most your own");
    private readonly Option<string> _output = OutputOption.Create();

    public MemberSetCommand(VerbServices services)
        : base("set", "Add a user to the organization, or change the role", services)
    {
        _role.Required = true;
        Arguments.Add(_user);
        Options.Add(_role);
        Options.Add(_output);
        Examples = ["planton member set ada --role admin"];
    }

    protected override async Task<int> RunAsync(CommandContext context, Session session, CancellationToken cancellationToken)
    {
        var member = await session.Api.SetMemberAsync(
            session.Organization, context.Parsed.GetRequiredValue(_user), context.Parsed.GetValue(_role)!, cancellationToken).ConfigureAwait(false);
        return ResultPrinter.Print(
            context,
            OutputOption.Parse(context.Parsed.GetValue(_output)),
            member,
            CliJson.Readable.Member,
            output => MemberCommand.WriteTable(output, [member]),
            $"member/{member.User}");
    }
}
